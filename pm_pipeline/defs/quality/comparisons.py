"""What became of a municipality's figures at each dated change, as a table of comparisons."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import dagster as dg

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import CHANGE_COMPARISONS, MADE_FROM
from pm_pipeline.quality.effects.compare import compare_changes
from pm_pipeline.quality.effects.comparison import ChangeComparison, Verdict
from pm_pipeline.settings import get_settings


@dg.asset(
    key=list(CHANGE_COMPARISONS.asset),
    group_name="quality",
    kinds={"python", "parquet"},
    owners=["team:data"],
    partitions_def=municipalities(),
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(table)) for table in CHANGE_COMPARISONS.reads],
    code_version=code_versions(get_settings()).results[CHANGE_COMPARISONS.name],
)
def change_comparisons(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One row per dated change (law, release, delivery), process, axis, measure and item.

    What was before, what came after, whether that is more than trend and season, from which day, and
    because of what.
    """
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, CHANGE_COMPARISONS)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        report = compare_changes(
            connection, municipality_id, CHANGE_COMPARISONS.path(settings, municipality_id),
            about={MADE_FROM: recipe},
        )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={
            "dagster/partition_row_count": len(report.rows),
            "verdicts": dict(Counter(row.verdict.value for row in report.rows)),
            **_tables(report.rows),
        },
    )


def _tables(rows: Iterable[ChangeComparison]) -> dict[str, Any]:
    """One markdown table per change, newest first. Counts are told where small groups are guarded."""

    def by_change(row: ChangeComparison) -> tuple[Any, ...]:
        return row.changed_on, row.kind, row.change_id, row.part

    found = {}
    for (on, kind, change_id, part), mine in groupby(
        sorted(rows, key=by_change, reverse=True), by_change
    ):
        found[f"{on} {change_id} {part}"] = dg.MetadataValue.md(_table(kind, list(mine)))
    return found


def _table(kind: str, rows: list[ChangeComparison]) -> str:
    counts = Counter(row.verdict for row in rows)
    lines = [
        f"{kind}: {counts[Verdict.CHANGED]} changed, {counts[Verdict.NO_CHANGE_SHOWN]} show no change, "
        f"of {counts[Verdict.CANNOT_TELL_YET]} nothing can be told yet.",
    ]
    changed = [row for row in rows if row.verdict is Verdict.CHANGED]
    if changed:
        lines += [
            "",
            "| process | measure | item | effect | adjusted p | adopted | because of |",
            "|---|---|---|---|---|---|---|",
        ]
    lines += [
        f"| {row.process_id} | {row.measure} | {_named(row)} | {_size(row)} | {row.p_adjusted:.4f} | "
        f"{_adopted(row)} | {row.cause} {(row.caused_by or '').replace('|', ', ')} |"
        for row in sorted(changed, key=lambda one: (not one.is_touched, one.p_adjusted))
    ]
    return "\n".join(lines)


def _named(row: ChangeComparison) -> str:
    return f"{row.item} (named by it)" if row.is_touched else row.item


def _size(row: ChangeComparison) -> str:
    return "–" if row.effect_size is None else f"{row.effect_size:+.2f} {row.effect_measure}"


def _adopted(row: ChangeComparison) -> str:
    if row.adopted_from_on is None:
        return "–"
    if row.adopted_on is None:
        return "not yet"
    return f"after {row.adoption_days} days{' (late)' if row.is_late else ''}"
