"""One row of ``group_comparisons.parquet``: one line of a comparison, as it may be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from pm_pipeline.mining.artefacts import replace_whole


class Outcome(StrEnum):
    COMPARED = "compared"
    NOT_COMPARABLE = "not_comparable"


class Reason(StrEnum):
    """Why two sides are not comparable, or (the last) a line of them cannot be told apart."""

    NO_SUCH_FILTER = "no_such_filter"
    NOBODY_FOLLOWED = "nobody_followed"
    SAME_CITIZENS = "same_citizens"
    BELOW_MINIMUM_GROUP = "below_minimum_group"
    TOO_FEW = "too_few"


class Verdict(StrEnum):
    """What may be said of the second side beside the first."""

    HIGHER = "higher"
    LOWER = "lower"
    NO_DIFFERENCE_SHOWN = "no_difference_shown"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True)
class ComparedLine:
    """One line of a comparison of one municipality. Differences are the second side less the first.

    All counts but those of citizens are told in steps (macro ``told_count``), and shares with their
    differences and intervals are made of those counts alone. Citizens are exact; the mart does not tell
    them.

    Attributes:
        first_da, …: the sentence of the filter.
        is_told: False where a filter asks for a unit: then nothing is published.
        line_kind: ``all`` (the comparison itself), ``follows``, ``start``, ``end``, ``activity``,
            ``repeated``, ``ended``, ``lead_time``.
        measure: ``cases`` of the row ``all``; ``share`` of the cases of a side; ``days``.
        n_cases_…: compared on that side. n_…: of these the ones with the line.
        n_too_young, n_on_both_sides: cases left out, of both sides; of the row ``all``.
        value_…: a share, or the median of days.
        difference: of shares, or the shift of days. None where the steps hide its sign.
        effect_measure: ``cohens_h`` or ``cliffs_delta``.
        p_at_most: 0.001, 0.01, 0.05 or 1; after the correction for all lines of the comparison.
        n_tested: lines that the correction is for.
    """

    municipality_id: str
    comparison_id: str
    title_da: str
    title_en: str
    process_id: str
    first_filter_id: str
    first_da: str
    first_en: str
    second_filter_id: str
    second_da: str
    second_en: str
    is_told: bool
    follow_up_days: int
    outcome: Outcome
    reason: Reason | None
    line_kind: str
    measure: str
    from_activity_id: str | None
    to_activity_id: str | None
    from_label_da: str | None
    from_label_en: str | None
    to_label_da: str | None
    to_label_en: str | None
    n_cases_first: int | None
    n_citizens_first: int
    n_cases_second: int | None
    n_citizens_second: int
    n_too_young: int | None
    n_on_both_sides: int | None
    n_first: int | None
    n_first_citizens: int | None
    n_second: int | None
    n_second_citizens: int | None
    value_first: float | None
    value_second: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    effect_measure: str | None
    effect_size: float | None
    p_at_most: float | None
    n_tested: int | None
    verdict: Verdict | None


def write_rows(
    row_type: type, rows: Iterable[Any], path: Path, about: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Rows of a dataclass as Parquet, typed also when there are none; whole or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[type, pa.DataType] = {
        bool: pa.bool_(), str: pa.string(), int: pa.int64(), float: pa.float64(),
    }
    hints = get_type_hints(row_type)

    def type_of(hint: Any) -> "pa.DataType":
        plain = next((one for one in get_args(hint) if one is not type(None)), hint)
        return next(kind for known, kind in types.items() if issubclass(plain, known))

    schema = pa.schema(
        [(one.name, type_of(hints[one.name])) for one in fields(row_type)],
        metadata={name.encode(): text.encode() for name, text in about.items()},
    )
    table = pa.Table.from_pylist([vars(row) for row in rows], schema=schema)
    replace_whole(path, lambda temporary: pq.write_table(table, temporary))
