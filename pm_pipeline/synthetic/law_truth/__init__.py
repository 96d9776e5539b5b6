"""The law read a second time, in plain Python: which version binds a case, and what is right of it.

Nothing here reads the register or shares a line with the SQL that evaluates it: the two are to agree.
"""

from pm_pipeline.synthetic.law_truth.judgement import Life, RuleTruth, judge
from pm_pipeline.synthetic.law_truth.shares import Member, ShareTruth, member, shares

__all__ = ["Life", "Member", "RuleTruth", "ShareTruth", "judge", "member", "shares"]
