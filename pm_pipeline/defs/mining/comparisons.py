"""What differs between two groups or periods, by how much, and what may be said of it?"""

import base64
from collections import Counter
from typing import Any

import dagster as dg

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import GROUP_COMPARISONS, MADE_FROM
from pm_pipeline.mining.comparison.report import ComparisonsReport, compare_groups
from pm_pipeline.settings import Settings, get_settings


@dg.asset(
    key=list(GROUP_COMPARISONS.asset),
    group_name="mining",
    kinds={"python", "parquet", "svg"},
    owners=["team:data"],
    partitions_def=municipalities(),
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(table)) for table in GROUP_COMPARISONS.reads],
    code_version=code_versions(get_settings()).results[GROUP_COMPARISONS.name],
)
def group_comparisons(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One row per comparison and line, both sides with their difference; a difference map of each."""
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, GROUP_COMPARISONS)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        report = compare_groups(
            connection, municipality_id, GROUP_COMPARISONS.path(settings, municipality_id),
            min_group_size=settings.min_group_size, about={MADE_FROM: recipe},
        )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={
            "dagster/partition_row_count": len(report.rows),
            "verdicts": dict(Counter(row.verdict.value for row in report.rows if row.verdict)),
            "comparisons": dg.MetadataValue.md(_table(report)),
            **_pictures(settings, report),
        },
    )


def _table(report: ComparisonsReport) -> str:
    """One line per comparison; counts in steps, as they are published."""
    lines = [
        "| comparison | outcome | first | second | lines tested | different |",
        "|---|---|---|---|---|---|",
    ]
    for whole in report.rows:
        if whole.line_kind == "all":
            different = sum(
                row.verdict in ("higher", "lower")
                for row in report.rows if row.comparison_id == whole.comparison_id
            )
            lines.append(
                f"| {whole.comparison_id} | {whole.reason or whole.outcome} | "
                f"{_number(whole.n_cases_first)} | {_number(whole.n_cases_second)} | "
                f"{_number(whole.n_tested)} | {different} |"
            )
    return "\n".join(lines)


def _pictures(settings: Settings, report: ComparisonsReport) -> dict[str, Any]:
    folder = settings.mining_dir(report.municipality_id)
    pictures = {}
    for one in report.maps:
        encoded = base64.b64encode((folder / one.map_dir / "map_da.svg").read_bytes()).decode()
        pictures[f"difference map {one.comparison_id}"] = dg.MetadataValue.md(
            f"![{one.comparison_id}](data:image/svg+xml;base64,{encoded})"
        )
    return pictures


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)
