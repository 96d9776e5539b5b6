"""Of how many of a cohort a share is asked, and of how many the number was reached."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pm_pipeline.synthetic.law_truth.duties import Duty
from pm_pipeline.synthetic.law_truth.judgement import RuleTruth

STATES = ("cohort", "reached", "pending", "closed_before_due", "exempt", "not_computable")
# Of those whose window was not over in their time nobody can say whether they would have been reached.
_STATE = {
    "closed_before_due": "closed_before_due", "opened_after_due": "closed_before_due",
}


@dataclass(frozen=True)
class Member:
    """One case of a cohort: exactly one of the states, or none (in the cohort, not reached)."""

    process_id: str
    regime_id: str
    rule_id: str
    version: str
    target_group: str
    cohort_month: date
    share_required: float
    citizen: str
    state: str


@dataclass(frozen=True)
class ShareTruth:
    """One cohort: cases and citizens per state; ``cohort`` counts reached and not reached."""

    process_id: str
    regime_id: str
    rule_id: str
    version: str
    target_group: str
    cohort_month: date
    share_required: float
    cases: dict[str, int]
    citizens: dict[str, int]

    @property
    def is_met(self) -> bool | None:
        """Whether the quota is met; None where the cohort is empty so far."""
        n_cohort = self.cases["cohort"]
        return self.cases["reached"] >= self.share_required * n_cohort if n_cohort else None


def member(
    duty: Duty, truth: RuleTruth, process_id: str, target_group: str, citizen: str,
    ended_on: date | None, registered_on: date, today: date,
) -> Member:
    """A case in its cohort. Who left before the end is not in it, even if reached; nor is anybody
    whose window still runs: the quick would flatter the share."""
    assert duty.share is not None
    last_on = truth.due_less_stops_on
    if truth.reason in ("no_anchor_event", "clock_not_in_data"):
        state = "not_computable"
    elif last_on is not None and ended_on is not None and ended_on <= last_on:
        state = "closed_before_due"
    elif truth.reason in _STATE:
        state = _STATE[truth.reason]
    elif last_on is not None and today <= last_on:
        state = "pending"
    else:
        state = {
            "fulfilled": "reached", "breached": "not_reached", "exempt": "exempt",
            "not_computable": "not_computable",
        }[truth.outcome]
    month = (truth.anchor_on or registered_on).replace(day=1)
    return Member(
        process_id, truth.regime_id, truth.rule_id, truth.version, target_group, month, duty.share,
        citizen, state,
    )


def shares(members: Iterable[Member]) -> tuple[ShareTruth, ...]:
    """Every cohort, in the order of rule and month."""
    cohorts: dict[tuple[str, str, str, str, str, date, float], list[Member]] = defaultdict(list)
    for one in members:
        cohorts[
            one.process_id, one.regime_id, one.rule_id, one.version, one.target_group,
            one.cohort_month, one.share_required,
        ].append(one)
    found = []
    for key, those in sorted(cohorts.items()):
        in_state = {
            state: [one for one in those if _is_in(one, state)] for state in STATES
        }
        found.append(ShareTruth(
            *key, {state: len(ones) for state, ones in in_state.items()},
            {state: len({one.citizen for one in ones}) for state, ones in in_state.items()},
        ))
    return tuple(found)


def _is_in(one: Member, state: str) -> bool:
    return one.state in ("reached", "not_reached") if state == "cohort" else one.state == state
