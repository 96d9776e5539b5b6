"""What was found, as rows: one per process, and where it changed one per change and relation told."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path

import pyarrow as pa

from pm_pipeline.quality.result_file import write_whole


class DriftOutcome(StrEnum):
    """What can be said of a process."""

    CHANGED = "changed"
    NO_CHANGE_SHOWN = "no_change_shown"  # not: that there was none
    CANNOT_TELL_YET = "cannot_tell_yet"  # too few cases were watched long enough


@dataclass(frozen=True)
class DriftPoint:
    """One row of drift_points.parquet; ``None`` where there is no change to tell of.

    Attributes:
        watch_days: days from the start of each case that are looked at.
        n_watched_cases, watched_until_on: cases that were watched so long, start of the last of them.
        n_cases_needed: watched cases from which on something can be said.
        change_number: 1, 2, … in order of time within the process.
        first_case_number: number, in order of start, of the first case after the change (from 1).
        changed_on: day on which that case began.
        earliest_on, latest_on: days of start between which the change lies.
        p_value: of the permutation test of all places at once between the neighbouring changes.
        size: Cohen's h of the relation that moved most, without sign.
        resolution_cases: cases per block, the step in which the place is known.
        near_*: the nearest dated change (of the law, a release), if one is near, and days from it to
            the change (below 0: the dated one came later).
        relation_number: 1, 2, …, what moved most first.
        relation_kind: happens, twice, four_times, begins, by_party, follows or slow.
        n_with_*: cases, and distinct citizens, that have the relation; shares from 0 to 1.
        relation_size: Cohen's h; above 0 it has become more frequent.
    """

    process_id: str
    outcome: DriftOutcome
    n_watched_cases: int
    n_watched_citizens: int
    watch_days: int
    watched_until_on: date | None
    n_cases_needed: int
    change_number: int | None = None
    first_case_number: int | None = None
    changed_on: date | None = None
    earliest_on: date | None = None
    latest_on: date | None = None
    p_value: float | None = None
    n_permutations: int | None = None
    size: float | None = None
    resolution_cases: int | None = None
    n_cases_before: int | None = None
    n_citizens_before: int | None = None
    n_cases_after: int | None = None
    n_citizens_after: int | None = None
    near_change_kind: str | None = None
    near_change_id: str | None = None
    near_change_on: date | None = None
    near_change_days: int | None = None
    near_change_title_da: str | None = None
    near_change_title_en: str | None = None
    relation_number: int | None = None
    relation_kind: str | None = None
    from_activity_id: str | None = None
    to_activity_id: str | None = None
    responsible_party: str | None = None
    n_with_before: int | None = None
    n_with_citizens_before: int | None = None
    n_with_after: int | None = None
    n_with_citizens_after: int | None = None
    share_before: float | None = None
    share_after: float | None = None
    relation_size: float | None = None
    sentence_da: str | None = None
    sentence_en: str | None = None


_DAYS = ("watched_until_on", "changed_on", "earliest_on", "latest_on", "near_change_on")
_RATES = ("p_value", "size", "share_before", "share_after", "relation_size")
_TEXTS = (
    "process_id", "outcome", "near_change_kind", "near_change_id", "near_change_title_da",
    "near_change_title_en", "relation_kind", "from_activity_id", "to_activity_id", "responsible_party",
    "sentence_da", "sentence_en",
)  # fmt: skip
_TYPES: Mapping[str, pa.DataType] = {
    **dict.fromkeys((one.name for one in fields(DriftPoint)), pa.int64()),
    **dict.fromkeys(_DAYS, pa.date32()),
    **dict.fromkeys(_RATES, pa.float64()),
    **dict.fromkeys(_TEXTS, pa.string()),
}
SCHEMA = pa.schema(list(_TYPES.items()))


def write_drift_points(
    points: Sequence[DriftPoint], path: Path, about: Mapping[str, str] | None = None
) -> None:
    """Write ``path``; typed also where there is no process."""
    rows = [asdict(point) | {"outcome": point.outcome.value} for point in points]
    write_whole(pa.Table.from_pylist(rows, schema=SCHEMA), path, about)
