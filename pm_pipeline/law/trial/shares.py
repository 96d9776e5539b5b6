"""Rules that ask for a share of a population, under one law and under the other."""

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from pm_pipeline.law.trial.counts import Count


@dataclass(frozen=True)
class Share:
    """One wording of such a rule over all its months and target groups, under one law.

    ``cohort``: whose window is over; ``reached``: of those, who had what the rule asks for.
    """

    process_id: str
    rule_id: str
    version: str
    regime_id: str
    is_after: bool
    share_required: Decimal
    cohort: Count
    reached: Count
    pending: Count
    closed_before_due: Count
    exempt: Count
    not_computable: Count

    @property
    def share(self) -> float | None:
        return self.reached.cases / self.cohort.cases if self.cohort.cases else None

    @property
    def is_met(self) -> bool | None:
        """Whether the share is reached; None where nobody is in the cohort yet."""
        share = self.share
        return None if share is None else share >= float(self.share_required)


_PARTS = ("cohort", "reached", "pending", "closed_before_due", "exempt", "not_computable")

# The citizens of a month are distinct, those of several months may be the same. Each case beyond the
# first of a citizen takes one at most, so cases less all such cases is never more than the citizens.
_SHARES = """
with repeated as (
    select
        process_id, regime_id, rule_id, version,
        count(*) - count(distinct citizen_id) as n_repeated
    from {law}.core.rule_counts
    where kind = 'population_share'
    group by all
)

select
    process_id, rule_id, version, regime_id, any_value(share_required), any_value(n_repeated), {parts}
from {law}.core.population_shares
inner join repeated using (process_id, regime_id, rule_id, version)
group by process_id, rule_id, version, regime_id
order by all
"""


def shares(connection: duckdb.DuckDBPyConnection) -> tuple[Share, ...]:
    """Every wording that has a population, under the law before and then under the law after.

    ``connection``: see :func:`pm_pipeline.warehouse.connect_both`.
    """
    found = []
    parts = ", ".join(f"cast(sum(n_{part}) as bigint)" for part in _PARTS)
    for law in ("before", "after"):
        for row in connection.execute(_SHARES.format(law=law, parts=parts)).fetchall():
            process_id, rule_id, version, regime_id, required, n_repeated, *counts = row
            found.append(Share(
                process_id, rule_id, version, regime_id, law == "after", required,
                *(Count(cases, max(0, cases - n_repeated)) for cases in counts),
            ))
    return tuple(found)
