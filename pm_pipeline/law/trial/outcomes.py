"""How the outcomes of each rule move from one law to the other, counted."""

from dataclasses import dataclass, field

import duckdb

from pm_pipeline.law.trial.counts import NOBODY, Count

#: In the order in which they are told.
OUTCOMES = ("fulfilled", "breached", "pending", "exempt", "not_applicable", "not_computable")
#: The case is not judged by the rule under this law.
NOT_JUDGED = "not_judged"


@dataclass(frozen=True)
class Wording:
    """A rule as one law words it, in one regime."""

    version: str
    regime_id: str


@dataclass
class RuleShift:
    """The cases that a rule judges by ``before`` under the one law and by ``after`` under the other.

    ``before`` or ``after`` is None where that law does not judge them by this rule. ``moves``: from
    outcome to outcome, the same ones too; ``before_counts`` and ``after_counts`` by outcome.
    """

    process_id: str
    rule_id: str
    before: Wording | None
    after: Wording | None
    cases: Count = NOBODY
    moves: dict[tuple[str, str], Count] = field(default_factory=dict)
    before_counts: dict[str, Count] = field(default_factory=dict)
    after_counts: dict[str, Count] = field(default_factory=dict)

    @property
    def is_touched(self) -> bool:
        """The wording, the regime or an outcome is another one."""
        return self.before != self.after or any(one != other for one, other in self.moves)


# A case is judged by a rule once, or once in each regime where acts are judged by the law of their day:
# then the judgements are told apart by their order.
_JUDGED = """
    select
        process_id, case_id, citizen_id, rule_id, version, regime_id, outcome,
        row_number() over (partition by process_id, case_id, rule_id order by regime_id, version) as nth
    from {law}.core.rule_outcomes
"""

_SHIFTS = f"""
with paired as (
    select
        process_id, rule_id,
        b.version as version_before, b.regime_id as regime_before,
        a.version as version_after, a.regime_id as regime_after,
        coalesce(b.outcome, '{NOT_JUDGED}') as outcome_before,
        coalesce(a.outcome, '{NOT_JUDGED}') as outcome_after,
        coalesce(b.citizen_id, a.citizen_id) as citizen_id
    from ({_JUDGED.format(law="before")}) as b
    full join ({_JUDGED.format(law="after")}) as a using (process_id, case_id, rule_id, nth)
)

select
    process_id, rule_id, version_before, regime_before, version_after, regime_after,
    outcome_before, outcome_after,
    grouping(outcome_before) as any_before, grouping(outcome_after) as any_after,
    count(*) as n_cases, count(distinct citizen_id) as n_citizens
from paired
group by
    process_id, rule_id, version_before, regime_before, version_after, regime_after,
    grouping sets ((outcome_before, outcome_after), (outcome_before), (outcome_after), ())
order by all
"""


def rule_shifts(connection: duckdb.DuckDBPyConnection) -> tuple[RuleShift, ...]:
    """One shift per process, rule and pair of wordings, in that order.

    ``connection``: see :func:`pm_pipeline.warehouse.connect_both`. Rules that ask for a share of a
    population judge no case and are not among them.
    """
    found: dict[tuple[object, ...], RuleShift] = {}
    for row in connection.execute(_SHIFTS).fetchall():
        process_id, rule_id, version_b, regime_b, version_a, regime_a = row[:6]
        before, after, any_before, any_after, n_cases, n_citizens = row[6:]
        shift = found.setdefault(row[:6], RuleShift(
            process_id, rule_id,
            Wording(version_b, regime_b) if version_b is not None else None,
            Wording(version_a, regime_a) if version_a is not None else None,
        ))
        count = Count(n_cases, n_citizens)
        if any_before and any_after:
            shift.cases = count
        elif any_after:
            shift.before_counts[before] = count
        elif any_before:
            shift.after_counts[after] = count
        else:
            shift.moves[before, after] = count
    return tuple(found.values())


@dataclass(frozen=True)
class RegimeMove:
    """Cases of a process that one law puts under ``before`` and the other under ``after``."""

    process_id: str
    before: str | None
    after: str | None
    cases: Count


_MOVES = """
select
    process_id, b.regime_id, a.regime_id, count(*),
    count(distinct coalesce(b.citizen_id, a.citizen_id))
from before.core.cases as b
full join after.core.cases as a using (process_id, case_id)
group by all
order by all
"""


def regime_moves(connection: duckdb.DuckDBPyConnection) -> tuple[RegimeMove, ...]:
    """Every pair of regimes that some case is under, the same one twice included."""
    return tuple(
        RegimeMove(process_id, before, after, Count(n_cases, n_citizens))
        for process_id, before, after, n_cases, n_citizens in connection.execute(_MOVES).fetchall()
    )
