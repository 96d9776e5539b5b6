"""One row of ``change_comparisons.parquet``: what became of one figure at one dated change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.result_file import write_whole


class Verdict(StrEnum):
    """What may be said."""

    CHANGED = "changed"
    #: An effect worth seeing would most likely have been seen.
    NO_CHANGE_SHOWN = "no_change_shown"
    CANNOT_TELL_YET = "cannot_tell_yet"


class RestsOn(StrEnum):
    """By what the cause of a step was found."""

    #: When things happened, when they were written down, and in which delivery.
    AXES = "axes"
    #: The figure is known by the week of the acts alone, so what falls on the day is what is named.
    DAY_ALONE = "day_alone"


class Cause(StrEnum):
    """Which kind of change explains a step best."""

    LAW = "law"
    RELEASE = "release"
    DELIVERY = "delivery"
    NOT_SEPARABLE = "not_separable"
    #: The law names nothing of the kind and no release is in the register.
    NOTHING_DATED = "nothing_dated"


@dataclass(frozen=True)
class ChangeComparison:
    """One change × process × axis × measure × item.

    Attributes:
        n_before, n_after: of the item (events; cases on the axis ``case_start``) in the weeks told.
        whole_before, whole_after: of what it is a share of; None for volumes.
        value_before, value_after: shares, or events a week.
        value_expected: what trend and season foretold for the weeks after.
        effect_size: of ``value_after`` against ``value_expected``, as ``effect_measure`` says.
        p_adjusted: for all that was tested about the change and is (or is not) named by it.
        weeks_needed: weeks after the change after which it can be told.
        municipalities_needed: like this one, together, where no wait makes this one enough.
        n_needed: wholes in those weeks, of this municipality or of all of them.
        adopted_on: from which day the new way holds, with its interval; of a law alone.
        cause, caused_by, cause_rests_on: what explains the step best, and by what that was found.
        confounders: ids of other changes near this one, separated by ``|``.
    """

    municipality_id: str
    kind: str
    change_id: str
    part: str
    changed_on: date
    process_id: str
    system_id: str | None
    axis: str
    measure: str
    item: str
    is_touched: bool
    n_before: int
    whole_before: int | None
    n_after: int
    whole_after: int | None
    weeks_before: int
    weeks_after: int
    value_before: float | None
    value_expected: float | None
    value_after: float | None
    effect_measure: str
    effect_size: float | None
    effect_low: float | None
    effect_high: float | None
    p_value: float | None
    p_adjusted: float | None
    verdict: Verdict
    reason: str | None
    weeks_needed: int | None
    municipalities_needed: int | None
    n_needed: int | None
    is_new: bool
    is_vanished: bool
    adopted_on: date | None
    adopted_from_on: date | None
    adopted_to_on: date | None
    adoption_days: int | None
    is_late: bool | None
    cause: Cause | None
    caused_by: str | None
    cause_rests_on: RestsOn | None
    confounders: str | None
    sentence_da: str
    sentence_en: str


_TYPES: Mapping[type, pa.DataType] = {
    bool: pa.bool_(), str: pa.string(), int: pa.int64(), float: pa.float64(), date: pa.date32(),
}  # fmt: skip


def _type_of(hint: Any) -> pa.DataType:
    """Of ``hint`` or ``hint | None``; an enumeration is text."""
    plain = next((one for one in get_args(hint) if one is not type(None)), hint)
    return next(kind for known, kind in _TYPES.items() if issubclass(plain, known))


SCHEMA = pa.schema(
    [(name, _type_of(hint)) for name, hint in get_type_hints(ChangeComparison).items()]
)


def write_comparisons(
    rows: Sequence[ChangeComparison], path: Path, about: Mapping[str, str] | None = None
) -> None:
    """Write ``path``; typed also when there are no rows."""
    write_whole(pa.Table.from_pylist([vars(row) for row in rows], schema=SCHEMA), path, about)


def read_comparisons(path: Path) -> tuple[ChangeComparison, ...]:
    """The rows in ``path``.

    Raises:
        PipelineError: the file is missing or holds something else.
    """
    if not path.exists():
        raise PipelineError(f"{path}: no comparisons yet; run the quality step first")
    table = pq.read_table(path)
    if table.schema.names != SCHEMA.names:
        raise PipelineError(f"{path}: other columns than expected; run the quality step again")
    return tuple(
        ChangeComparison(**(row | {
            "verdict": Verdict(row["verdict"]),
            "cause": row["cause"] and Cause(row["cause"]),
            "cause_rests_on": row["cause_rests_on"] and RestsOn(row["cause_rests_on"]),
        }))
        for row in table.to_pylist()
    )
