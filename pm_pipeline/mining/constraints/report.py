"""The constraints of a municipality: what always or nearly always holds, per process and regime."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from pm_pipeline.mining.constraints.discover import Constraint, discover, strongest
from pm_pipeline.mining.log import Slice, read_log, read_slices
from pm_pipeline.mining.report import write_table

#: Told of activities that at least so large a share of the cases have, and by cases that activate them.
MIN_SUPPORT = 0.1
#: What holds in fewer of the cases that activate it says little of how the work is done.
MIN_CONFIDENCE = 0.9


@dataclass(frozen=True)
class ConstraintRow:
    """One row of ``declare_constraints.parquet``: a slice, or a constraint of a slice.

    Judged on closed cases alone, since an open case has yet to do what it lacks.

    Attributes:
        outcome: ``constraint``, or of the slice as a whole ``no_case`` or ``no_constraint``.
        template: of :mod:`~pm_pipeline.mining.constraints.templates`; speaks of ``first_activity_id``
            and, except of four, of ``second_activity_id``.
        n_activated: cases it speaks of; ``n_satisfied`` of them hold it, the others violate it.
        n_…_citizens: distinct citizens with at least one such case.
    """

    municipality_id: str
    process_id: str
    regime_id: str
    outcome: str
    n_cases: int
    n_citizens: int
    template: str | None = None
    first_activity_id: str | None = None
    second_activity_id: str | None = None
    n_activated: int | None = None
    n_activated_citizens: int | None = None
    n_satisfied: int | None = None
    n_satisfied_citizens: int | None = None
    n_violated: int | None = None
    n_violated_citizens: int | None = None


def write_constraints(
    connection: duckdb.DuckDBPyConnection,
    municipality_id: str,
    path: Path,
    *,
    about: dict[str, str],
    on_progress: Callable[[str], None],
) -> tuple[ConstraintRow, ...]:
    """Find the constraints of every slice and write ``path``. Cases outside every regime have none."""
    rows: list[ConstraintRow] = []
    for slice_ in read_slices(connection):
        if slice_.regime_id is not None:
            found = _of_slice(connection, municipality_id, slice_)
            n_found = sum(row.template is not None for row in found)
            on_progress(f"{slice_.process_id} / {slice_.regime_id}: {n_found} constraints")
            rows += found
    write_table(ConstraintRow, rows, path, about)
    return tuple(rows)


def _of_slice(
    connection: duckdb.DuckDBPyConnection, municipality_id: str, slice_: Slice
) -> list[ConstraintRow]:
    log = read_log(connection, slice_)
    closed = _closed_cases(connection, slice_, [one.variant_id for one in log.variants])
    whole = ConstraintRow(
        municipality_id, slice_.process_id, str(slice_.regime_id), "no_case",
        len(closed.variant), closed.n_citizens(None),
    )
    counts = closed.cases_by_variant(len(log.variants))
    kept = [number for number, n in enumerate(counts) if n]
    if not kept:
        return [whole]
    variants = [(log.variants[number].activities, int(counts[number])) for number in kept]
    found = strongest(discover(variants, MIN_SUPPORT, MIN_CONFIDENCE))
    if not found:
        return [replace(whole, outcome="no_constraint")]
    return [_row(whole, closed.only(kept), one) for one in found]


def _row(whole: ConstraintRow, closed: "_ClosedCases", one: Constraint) -> ConstraintRow:
    activated, held = one.verdict
    return replace(
        whole, outcome="constraint", template=one.template, first_activity_id=one.first,
        second_activity_id=one.second,
        n_activated=one.n_activated, n_activated_citizens=closed.n_citizens(activated),
        n_satisfied=one.n_satisfied, n_satisfied_citizens=closed.n_citizens(held),
        n_violated=one.n_violated, n_violated_citizens=closed.n_citizens(activated & ~held),
    )


@dataclass(frozen=True)
class _ClosedCases:
    """For each closed case the numbers of its variant and of its citizen."""

    variant: Any
    citizen: Any

    def cases_by_variant(self, n_variants: int) -> Any:
        import numpy as np

        return np.bincount(self.variant, minlength=n_variants)

    def only(self, kept: list[int]) -> "_ClosedCases":
        """With the variants that are left numbered anew, in their order."""
        import numpy as np

        return _ClosedCases(np.searchsorted(np.array(kept), self.variant), self.citizen)

    def n_citizens(self, is_meant: Any) -> int:
        """Distinct citizens of the cases of the variants that are meant; of all if None."""
        import numpy as np

        citizens = self.citizen if is_meant is None else self.citizen[is_meant[self.variant]]
        return int(np.count_nonzero(np.bincount(citizens))) if len(citizens) else 0


def _closed_cases(
    connection: duckdb.DuckDBPyConnection, slice_: Slice, variant_ids: list[str]
) -> _ClosedCases:
    found = connection.execute(
        """
        with numbered as (
            select
                unnest($variants::varchar[]) as variant_id,
                unnest(range(len($variants::varchar[]))) as number
        )
        select
            numbered.number as variant,
            dense_rank() over (order by cases.citizen_id) - 1 as citizen
        from core.cases as cases
        join numbered on cases.variant_id::varchar = numbered.variant_id
        where cases.process_id = $process and cases.regime_id = $regime and cases.is_closed
            and cases.n_events > 0
        """,
        {"variants": variant_ids, "process": slice_.process_id, "regime": slice_.regime_id},
    ).fetchnumpy()
    return _ClosedCases(found["variant"].astype("int64"), found["citizen"].astype("int64"))
