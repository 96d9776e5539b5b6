"""The slices of a municipality's facts: which there are, and which cannot be judged, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pm_pipeline.quality.judging.results import Outcome
from pm_pipeline.quality.suites.datasets import Dataset
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.quality.suites.rule import Rule

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Slice:
    """What one set of rules is judged on; both null: the whole delivery."""

    process_id: str | None
    regime_id: str | None


def slices_of(dataset: Dataset, facts: "pd.DataFrame", reference: Reference) -> list[Slice]:
    """Every slice the law knows, then those only the data knows (cases outside every regime)."""
    if not dataset.sliced:
        return [Slice(None, None)]
    known = [Slice(one.process_id, regime_id) for regime_id, one in reference.regimes.items()]
    regulated = {one.process_id for one in known}
    known += [Slice(one, None) for one in reference.processes if one not in regulated]
    pairs: Iterable[tuple[object, object]] = (
        facts[["process_id", "regime_id"]].drop_duplicates().itertuples(index=False, name=None)
    )
    others = {Slice(_text(process), _text(regime)) for process, regime in pairs} - set(known)
    return known + sorted(others, key=lambda one: (one.process_id or "", one.regime_id or ""))


def rows_of(facts: "pd.DataFrame", dataset: Dataset, where: Slice) -> "pd.DataFrame":
    """The rows of a slice, with the index they have in ``facts``."""
    if not dataset.sliced:
        return facts
    return facts[
        _is(facts["process_id"], where.process_id) & _is(facts["regime_id"], where.regime_id)
    ]


def rows_for(rule: Rule, rows: "pd.DataFrame") -> "pd.DataFrame":
    """Those of ``rows`` that a rule is about, with the index they have."""
    for column, value in rule.only.items():
        if column in rows:  # where it is missing, the rule is told to be broken
            rows = rows[rows[column] == value]
    return rows


def not_judged(
    where: Slice, rows: "pd.DataFrame", cases: "pd.DataFrame", reference: Reference, as_of: date
) -> tuple[Outcome, str] | None:
    """Why a slice cannot be judged, as outcome and words; None when it can.

    ``cases`` are the facts about cases of all slices: they tell whether the municipality has the
    process at all, and since when.
    """
    of_process = cases[_is(cases["process_id"], where.process_id)]
    if where.process_id is not None and of_process.empty and rows.empty:
        return Outcome.NOT_APPLICABLE, "no case of this process in this municipality"
    regime = reference.regimes.get(where.regime_id) if where.regime_id else None
    if regime is not None:
        if not regime.is_law:
            return Outcome.NOT_IN_FORCE, "its change is not law"
        if regime.valid_from > as_of:
            return Outcome.NOT_IN_FORCE, f"in force from {regime.valid_from}"
        if rows.empty and regime.valid_to and regime.valid_to <= _first_case(of_process):
            return Outcome.NOT_IN_FORCE, f"ended {regime.valid_to}, before the first case"
    return (Outcome.NO_DATA, "no row to check") if rows.empty else None


def _first_case(cases: "pd.DataFrame") -> date:
    first = cases["first_registered_on"].min()
    # date.min: without a known first case no regime can be said to have ended before it.
    return date.min if first != first or first is None else date(first.year, first.month, first.day)


def _is(column: "pd.Series[str]", value: str | None) -> "pd.Series[bool]":
    return column.isna() if value is None else column == value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
