"""`pm-pipeline …`: thin, each command calls one function elsewhere.

Exit codes: 0 done, 1 the work failed, 2 the call was wrong.
"""

from pm_pipeline.cli.main import app, main

__all__ = ["app", "main"]
