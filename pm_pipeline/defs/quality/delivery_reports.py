"""A page per delivery for who sent it: what failed, how many, which field, what to mend."""

from typing import Any

import dagster as dg

from pm_pipeline.components.delivery_reports import WrittenReport, write_delivery_reports, write_index
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import DELIVERY_REPORTS
from pm_pipeline.quality.delivery_report.content import Weight
from pm_pipeline.settings import get_settings


@dg.asset(
    key=dg.AssetKey(list(DELIVERY_REPORTS.asset)),
    group_name="quality",
    kinds={"html", "csv"},
    owners=["team:data"],
    partitions_def=municipalities(),
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(table)) for table in DELIVERY_REPORTS.reads],
    code_version=code_versions(get_settings()).results[DELIVERY_REPORTS.name],
)
def delivery_reports(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One page (HTML and CSV) per delivery for its sender: counts, fields and places, never a value."""
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, DELIVERY_REPORTS)
    written = write_delivery_reports(settings, municipality_id)
    n_reports = write_index(DELIVERY_REPORTS.path(settings, municipality_id), written, recipe)
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={
            "dagster/partition_row_count": n_reports,
            "reports made anew": dg.MetadataValue.md(_table(written)),
        },
    )


def _table(written: list[WrittenReport]) -> str:
    lines = [
        "| system | delivery | refused | must be mended | should be | for information | page |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in written:
        if one.report is not None:
            counts = " | ".join(str(len(one.report.of(weight))) for weight in Weight)
            refused = one.report.refused.code if one.report.refused else "–"
            lines.append(
                f"| {one.delivery.system} | {one.delivery.delivery_id} | {refused} | {counts} | "
                f"{one.folder.name}/report.html |"
            )
    return "\n".join(lines)
