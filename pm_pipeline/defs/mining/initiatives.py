"""Did what a municipality did to work better give what it expected?"""

import base64
from collections import Counter
from typing import Any

import dagster as dg

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import INITIATIVE_EFFECTS, MADE_FROM
from pm_pipeline.mining.initiatives.effect import InitiativeEffect
from pm_pipeline.mining.initiatives.report import InitiativesReport, judge_initiatives
from pm_pipeline.settings import get_settings


@dg.asset(
    key=list(INITIATIVE_EFFECTS.asset),
    group_name="mining",
    kinds={"python", "parquet", "svg"},
    owners=["team:data"],
    partitions_def=municipalities(),
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(table)) for table in INITIATIVE_EFFECTS.reads],
    code_version=code_versions(get_settings()).results[INITIATIVE_EFFECTS.name],
)
def initiative_effects(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One row per initiative: the step of its measure, its interval, and what may be said of it."""
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, INITIATIVE_EFFECTS)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        report = judge_initiatives(
            connection, municipality_id, INITIATIVE_EFFECTS.path(settings, municipality_id),
            min_group_size=settings.min_group_size, about={MADE_FROM: recipe},
        )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={
            "dagster/partition_row_count": len(report.rows),
            "verdicts": dict(Counter(row.verdict.value for row in report.rows)),
            "initiatives": dg.MetadataValue.md(_table(report)),
            **{
                f"series {row.initiative_id}": _picture(report, row, settings.min_group_size)
                for row in report.rows
            },
        },
    )


def _table(report: InitiativesReport) -> str:
    """One line per initiative. Counts are told where small groups are guarded."""
    if not report.rows:
        return "No initiative of this municipality is in seeds/registry/initiatives.csv."
    lines = [
        "| initiative | measure | verdict | step | 95 % | expected | more cases | in words |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.initiative_id} | {row.measure} {row.measure_item or ''} | {row.verdict} | "
        f"{_number(row.effect_size)} | {_number(row.effect_low)} – {_number(row.effect_high)} | "
        f"{row.direction} by {row.expected_size:g} | {row.n_more_cases or '–'} | {row.sentence_da} |"
        for row in report.rows
    ]
    return "\n".join(lines)


def _picture(report: InitiativesReport, row: InitiativeEffect, min_group_size: int) -> Any:
    svg = report.picture(row, min_group_size)
    encoded = base64.b64encode(svg.encode()).decode()
    return dg.MetadataValue.md(f"![{row.initiative_id}](data:image/svg+xml;base64,{encoded})")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
