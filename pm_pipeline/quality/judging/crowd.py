"""How many citizens stand at least behind a number of rows, so that a figure of a few is not published.

Where nobody counted them, it follows from how many rows one citizen has: the fewest citizens who can
have ``n`` events of a slice are those with the most events. That is less than there are, never more.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.judging.slices import Slice
from pm_pipeline.quality.suites.datasets import Dataset
from pm_pipeline.quality.suites.rule import Rule

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# What each citizen has, the most first: the cases of a slice, the events of a process (an event may
# fall under another regime than its case). A case without an event counts as one.
_CROWDS = """
    with cases as (
        select process_id, regime_id, list(n order by n desc) as had
        from (
            select process_id, regime_id, citizen_id, count(*) as n from core.cases group by all
        )
        group by process_id, regime_id
    ),

    events as (
        select process_id, list(n order by n desc) as had
        from (
            select process_id, citizen_id, cast(sum(greatest(n_events, 1)) as bigint) as n
            from core.cases
            group by all
        )
        group by process_id
    )

    select 'cases', process_id, regime_id, had from cases
    union all
    select 'events', process_id, null, had from events
"""


@dataclass(frozen=True)
class Behind:
    """Citizens, at least; None where nobody knows.

    ``checked``: behind all that was looked at. ``split``: behind what failed or what passed, whichever
    has fewer; one that is empty is not asked.
    """

    checked: int | None
    split: int | None


NOBODY_KNOWS = Behind(None, None)


class Crowd:
    """The people of a municipality's cases; ``n_citizens``: those with an event."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection") -> None:
        """Reads ``core.cases``.

        Raises:
            PipelineError: the warehouse has no such table.
        """
        import duckdb
        import numpy as np

        try:
            rows = connection.execute(_CROWDS).fetchall()
            [(self.n_citizens,)] = connection.execute(
                "select count(distinct citizen_id) from core.cases where n_events > 0"
            ).fetchall()
        except duckdb.CatalogException as error:
            raise PipelineError(
                "the warehouse has no table core.cases; `pm-pipeline run` makes it anew"
            ) from error
        self._sums = {
            (Slice(process, regime), what): np.cumsum(np.asarray(had, dtype=np.int64))
            for what, process, regime, had in rows
        }

    def behind(
        self, dataset: Dataset, where: Slice, rule: Rule, rows: "pd.DataFrame",
        checked: int | None, failed: int | None,
    ) -> Behind:
        """Who stands behind what a rule found in the ``rows`` of a slice."""
        if checked is None or failed is None or not dataset.counts_people(rule.failed):
            return NOBODY_KNOWS
        counted = [
            self._counted(rows, f"{rule.failed}_citizens"), self._counted(rows, "kept_citizens")
        ]
        sides = [
            0 if n == 0 else citizens if citizens is not None else self._least(dataset, where, n)
            for n, citizens in zip((failed, checked - failed), counted, strict=True)
        ]
        if sides[1] is None and rule.checked in dataset.everybody and not rule.only:
            # whoever is behind nothing that failed is behind what passed; a row that failed is of one
            is_known = counted[0] is not None and dataset.counts_each
            failing = int(rows[f"{rule.failed}_citizens"].sum()) if is_known else failed
            sides[1] = max(self.n_citizens - failing, 0)
        known = [citizens for citizens in sides if citizens is not None]
        if len(known) < len(sides):
            return NOBODY_KNOWS
        asked = [side for side, n in zip(known, (failed, checked - failed), strict=True) if n > 0]
        return Behind(max(known), min(asked, default=0))

    def _counted(self, rows: "pd.DataFrame", column: str) -> int | None:
        """As the facts counted them. The same citizen may stand behind several rows: together they are
        the most of one at least."""
        if column not in rows or rows[column].isna().any():
            return None
        return int(rows[column].max())

    def _least(self, dataset: Dataset, where: Slice, n_rows: int) -> int | None:
        """The fewest who can have so many of what the dataset counts."""
        return None if dataset.of is None else self._at_least(where, dataset.of, n_rows)

    def _at_least(self, where: Slice, what: str, n_rows: int) -> int:
        of = where if what == "cases" else Slice(where.process_id, None)
        sums = self._sums.get((of, what))
        if sums is None or n_rows <= 0:
            return 0
        return min(int(sums.searchsorted(n_rows)) + 1, len(sums))
