"""One row of ``initiative_effects.parquet``: what became of a measure after an initiative."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

from pm_pipeline.mining.artefacts import replace_whole


class Verdict(StrEnum):
    """What may be said."""

    IMPROVED = "improved"
    WORSENED = "worsened"
    #: The interval holds no change, and does not hold what was expected.
    NO_CHANGE_SHOWN = "no_change_shown"
    CANNOT_TELL_YET = "cannot_tell_yet"


class Design(StrEnum):
    """By what the step is told from what would have come anyway."""

    INTERRUPTED_TIME_SERIES = "interrupted_time_series"
    DIFFERENCE_IN_DIFFERENCES = "difference_in_differences"


@dataclass(frozen=True)
class InitiativeEffect:
    """One initiative of one municipality.

    Attributes:
        measure_item: the activity or rule that the measure asks about.
        target_groups, target_units, comparison_groups, comparison_units: as the seed lists them.
        expected_size: above 0, in the unit of the measure, towards ``direction``.
        is_exploratory: written down when its first result could be known already.
        n_cases_…, n_citizens_…: followed to the end and measured, on each side; those of the comparison
            group are None where there is none.
        n_left_out: of both groups and sides, followed but without the measure: they left before it
            came, or the rule did not judge them.
        mean_…: of the cases, nothing taken out.
        effect_size, effect_low, effect_high: the step beyond trend and season, or beyond the comparison
            group's, in the unit of the measure, with its 95 % interval. None where it is not estimated.
        slope_change, slope_low, slope_high: how much the yearly movement turned at the start, where
            there is no comparison group; beside the verdict, not in it.
        n_placebos: earlier days at which the same step was looked for.
        placebo_share: how many of them show one as large, in its own standard errors.
        n_more_cases: with these the expected size would be seen (power 0.8).
        confounders: ids of laws and releases near the start, separated by ``|``.
    """

    municipality_id: str
    initiative_id: str
    title_da: str
    title_en: str
    process_id: str
    measure: str
    measure_item: str | None
    follow_up_days: int
    target_groups: str | None
    target_units: str | None
    comparison_groups: str | None
    comparison_units: str | None
    starts_on: date
    ends_on: date | None
    registered_on: date
    is_exploratory: bool
    owner_role: str
    direction: str
    expected_size: float
    design: Design
    n_cases_before: int
    n_citizens_before: int
    n_cases_after: int
    n_citizens_after: int
    n_comparison_cases_before: int | None
    n_comparison_citizens_before: int | None
    n_comparison_cases_after: int | None
    n_comparison_citizens_after: int | None
    n_left_out: int
    mean_before: float | None
    mean_after: float | None
    comparison_mean_before: float | None
    comparison_mean_after: float | None
    effect_size: float | None
    effect_low: float | None
    effect_high: float | None
    slope_change: float | None
    slope_low: float | None
    slope_high: float | None
    n_placebos: int
    placebo_share: float | None
    verdict: Verdict
    reason: str | None
    n_more_cases: int | None
    confounders: str | None
    sentence_da: str
    sentence_en: str


def write_effects(
    rows: Sequence[InitiativeEffect], path: Path, about: Mapping[str, str] | None = None
) -> None:
    """Write ``path``; typed also when there are no rows. ``about`` is kept in its metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[type, pa.DataType] = {
        bool: pa.bool_(), str: pa.string(), int: pa.int64(), float: pa.float64(), date: pa.date32(),
    }  # fmt: skip

    def type_of(hint: Any) -> "pa.DataType":
        """Of ``hint`` or ``hint | None``; an enumeration is text."""
        plain = next((one for one in get_args(hint) if one is not type(None)), hint)
        return next(kind for known, kind in types.items() if issubclass(plain, known))

    schema = pa.schema(
        [(name, type_of(hint)) for name, hint in get_type_hints(InitiativeEffect).items()],
        metadata={name.encode(): text.encode() for name, text in (about or {}).items()},
    )
    table = pa.Table.from_pylist([vars(row) for row in rows], schema=schema)
    replace_whole(path, lambda temporary: pq.write_table(table, temporary))
