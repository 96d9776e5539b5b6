"""Every initiative of a municipality: what became of its measure, and what may be said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pm_pipeline.mining.initiatives.comparing import compared
from pm_pipeline.mining.initiatives.effect import Design, InitiativeEffect, write_effects
from pm_pipeline.mining.initiatives.judging import Judged, judge
from pm_pipeline.mining.initiatives.limits import Limits, read_limits
from pm_pipeline.mining.initiatives.picture import picture
from pm_pipeline.mining.initiatives.sentences import sentences_of
from pm_pipeline.mining.initiatives.series import (
    Arm,
    Initiative,
    confounders,
    nobody,
    read_arms,
    read_initiatives,
)

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class InitiativesReport:
    """All initiatives of one municipality, as written to ``path``, and the groups they rest on."""

    municipality_id: str
    path: Path
    rows: tuple[InitiativeEffect, ...]
    arms: Mapping[str, tuple[Arm, Arm | None]]
    period_days: int

    def picture(self, row: InitiativeEffect, min_group_size: int) -> str:
        """An SVG of the series of one initiative."""
        target, comparison = self.arms[row.initiative_id]
        series = compared(target, comparison, row.measure.startswith("share_"))
        title = f"{row.initiative_id}: {row.measure} {row.measure_item or ''}".strip()
        if series.is_difference:
            title += ", difference to the comparison group"
        arms = [target] if comparison is None else [target, comparison]
        return picture(
            title, series, arms, row.starts_on, self.period_days, min_group_size, row.effect_size
        )


def judge_initiatives(
    connection: "duckdb.DuckDBPyConnection", municipality_id: str, path: Path, *, min_group_size: int,
    about: Mapping[str, str] | None = None,
) -> InitiativesReport:
    """Judge every initiative of the municipality and write ``path``.

    Raises:
        PipelineError: a limit is missing in ``quality_limits``.
    """
    limits = read_limits(connection)
    series = read_arms(connection)
    rows, arms = [], {}
    for initiative in read_initiatives(connection, municipality_id):
        target = series.get((initiative.initiative_id, "target"), nobody())
        comparison = None
        if initiative.has_comparison:
            comparison = series.get((initiative.initiative_id, "comparison"), nobody())
        judged = judge(initiative, target, comparison, limits, min_group_size)
        arms[initiative.initiative_id] = (target, comparison)
        row = _row(municipality_id, initiative, target, comparison, judged)
        rows.append(_told(connection, row, initiative, limits))
    write_effects(rows, path, about)
    return InitiativesReport(municipality_id, path, tuple(rows), arms, int(limits.period_days))


def _told(
    connection: "duckdb.DuckDBPyConnection", row: InitiativeEffect, initiative: Initiative,
    limits: Limits,
) -> InitiativeEffect:
    """With what else happened at the time, and in words."""
    others = confounders(connection, initiative, int(limits.near_days))
    row = replace(row, confounders="|".join(others) or None)
    label = connection.execute(
        "select label_da, label_en from core.activities where activity_id = ? union all"
        " select title_da, title_en from reference.rules where rule_id = ? limit 1",
        [row.measure_item, row.measure_item],
    ).fetchone()
    da, en = sentences_of(row, *(label or (row.measure_item or "", row.measure_item or "")))
    return replace(row, sentence_da=da, sentence_en=en)


def _row(
    municipality_id: str, initiative: Initiative, target: Arm, comparison: Arm | None, judged: Judged
) -> InitiativeEffect:
    asked = {name: getattr(initiative, name) for name in Initiative.__dataclass_fields__}
    # of fewer than may be told of, not even a mean is kept
    is_told = judged.reason != "below_minimum_group"
    figures: dict[str, int | float | None] = {}
    for side, after in (("before", False), ("after", True)):
        for prefix, arm in (("", target), ("comparison_", comparison)):
            figures |= {
                f"n_{prefix}cases_{side}": None if arm is None else arm.count(arm.cases, after),
                f"n_{prefix}citizens_{side}": None if arm is None else arm.count(arm.citizens, after),
                f"{prefix}mean_{side}": arm.mean(after) if arm is not None and is_told else None,
            }
    for prefix, step in (("effect", judged.step), ("slope", judged.slope)):
        size = "effect_size" if prefix == "effect" else "slope_change"
        figures |= {
            size: None if step is None else step.size,
            f"{prefix}_low": None if step is None else step.low,
            f"{prefix}_high": None if step is None else step.high,
        }
    return InitiativeEffect(
        **asked,
        **figures,  # type: ignore[arg-type]  # named and typed as the fields are, a test says so
        municipality_id=municipality_id,
        is_exploratory=initiative.is_exploratory,
        design=Design.INTERRUPTED_TIME_SERIES if comparison is None
        else Design.DIFFERENCE_IN_DIFFERENCES,
        n_left_out=target.n_left_out + (comparison.n_left_out if comparison else 0),
        n_placebos=judged.n_placebos,
        placebo_share=judged.placebo_share,
        verdict=judged.verdict,
        reason=judged.reason,
        n_more_cases=judged.n_more_cases,
        confounders=None,
        sentence_da="",
        sentence_en="",
    )
