"""The last door: a candidate is built, checked, and only then becomes what is published."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from pm_pipeline import __version__, warehouse
from pm_pipeline.components.freshness import fingerprint_of
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities, municipality_check
from pm_pipeline.components.recipes import publication_version
from pm_pipeline.publish import (
    Candidate,
    Receipt,
    build_candidate,
    check_candidate,
    collect_receipt,
    new_candidate_dir,
    only_publisher,
    promote,
    read_summary,
    refuse_findings,
)
from pm_pipeline.publish.policy import PUBLISHED_TABLES
from pm_pipeline.publish.unmapped import read_unmapped_codes, refuse_unmapped
from pm_pipeline.quality.judging.results import withheld_slices
from pm_pipeline.settings import Settings, get_settings


@dg.multi_asset(
    name="publish",
    specs=[
        dg.AssetSpec(
            ["publish", "candidate"],
            group_name="publish",
            kinds={"duckdb", "parquet"},
            owners=["team:data"],
            description=(
                "The allow-listed marts after the minimum group, beside what is published; nobody "
                "reads it yet."
            ),
            deps=[dg.AssetKey(["marts", table]) for table in PUBLISHED_TABLES]
            + [dg.AssetKey(["mining", "discovered_models"]), dg.AssetKey(["core", "generation"])],
            code_version=publication_version(get_settings()),
        ),
        dg.AssetSpec(
            ["publish", "database"],
            group_name="publish",
            kinds={"duckdb", "parquet"},
            owners=["team:data"],
            description="published.duckdb, Parquet, models and the receipt, swapped in as a whole.",
            deps=[dg.AssetKey(["publish", "candidate"])],
            code_version=publication_version(get_settings()),
        ),
    ],
    check_specs=[
        municipality_check(
            "nothing_personal_and_no_small_group",
            asset=dg.AssetKey(["publish", "candidate"]),
            blocking=True,
            description=(
                "Reads the candidate's files back: only listed tables and columns, no group under "
                "the minimum, no identifier."
            ),
        ),
        municipality_check(
            "codes_are_known",
            asset=dg.AssetKey(["publish", "candidate"]),
            blocking=True,
            description=(
                "Few enough acts have a code that no mapping knows; otherwise what was published "
                "before stays, and the codes are listed here."
            ),
        ),
    ],
    partitions_def=municipalities(),
    pool=WAREHOUSE_POOL,
)
def publish(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    """Build, check and swap in one step, so that no unchecked candidate outlives its run."""
    settings = get_settings()
    municipality_id = context.partition_key
    warehouse_path = settings.warehouse_path(municipality_id)
    rule_results = settings.quality_dir(municipality_id) / "rule_results.parquet"
    code, law = _built_from(warehouse_path)
    receipt = collect_receipt(
        warehouse_path,
        municipality_id=municipality_id,
        min_group_size=settings.min_group_size,
        code_version=__version__,
        law_fingerprint=law,
        input_fingerprint="0" * 64,
        published_at=datetime.now(UTC),
    )
    unmapped = read_unmapped_codes(warehouse_path)
    yield dg.AssetCheckResult(
        asset_key=["publish", "candidate"],
        check_name="codes_are_known",
        passed=unmapped.percent <= settings.max_unmapped_percent,
        metadata={
            "percent of the acts": round(unmapped.percent, 2),
            "allowed percent": settings.max_unmapped_percent,
            "codes": unmapped.told() or "every code has a mapping",
        },
    )
    refuse_unmapped(unmapped, settings.max_unmapped_percent)
    receipt = receipt.model_copy(
        update={"input_fingerprint": fingerprint_of(settings, receipt.deliveries, code)}
    )
    published_dir = settings.published_dir(municipality_id)
    with only_publisher(published_dir):
        yield from _publish(settings, municipality_id, warehouse_path, rule_results, receipt)


def _publish(
    settings: Settings,
    municipality_id: str,
    warehouse_path: Path,
    rule_results: Path,
    receipt: Receipt,
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    published_dir = settings.published_dir(municipality_id)
    candidate = build_candidate(
        warehouse_path,
        rule_results,
        new_candidate_dir(published_dir),
        municipality_id=municipality_id,
        min_group_size=settings.min_group_size,
        withheld=withheld_slices(rule_results),
        receipt=receipt,
        mining_dir=settings.mining_dir(municipality_id),
        marts_yaml=settings.dbt_project_dir / "models" / "marts" / "_marts.yml",
    )
    yield dg.MaterializeResult(
        asset_key=["publish", "candidate"],
        data_version=dg.DataVersion(receipt.input_fingerprint),
        metadata=_candidate_metadata(candidate),
    )
    try:
        findings = check_candidate(candidate, settings.min_group_size)
        yield dg.AssetCheckResult(
            asset_key=["publish", "candidate"],
            check_name="nothing_personal_and_no_small_group",
            passed=not findings,
            metadata={"findings": [str(finding) for finding in findings]},
        )
        refuse_findings(candidate, findings)
        path = promote(candidate, published_dir)
    finally:
        # promoted it is elsewhere; refused, whatever it was refused for must not lie about
        shutil.rmtree(candidate.path, ignore_errors=True)
    summary = read_summary(path)
    yield dg.MaterializeResult(
        asset_key=["publish", "database"],
        data_version=dg.DataVersion(receipt.input_fingerprint),
        metadata={
            "generation": summary.generation,
            "withheld slices": len(summary.withheld_slices),
            "whole delivery withheld": summary.is_all_withheld,
            "withheld because": [
                f"{rule.rule_id} {rule.title_da}" for rule in summary.withheld_for
            ],
            "rows removed": summary.rows_removed,
            "cells masked": summary.cells_masked,
            "minimum group": summary.min_group_size,
            "path": dg.MetadataValue.path(path),
        },
    )


def _built_from(warehouse_path: Path) -> tuple[str, str]:
    """The code and law the warehouse was built with; not today's, which may have been edited since."""
    with warehouse.connect(warehouse_path) as connection:
        rows = connection.execute(
            "select code_fingerprint, law_fingerprint from core.generation"
        ).fetchall()
    return rows[0][0], rows[0][1]


def _candidate_metadata(candidate: Candidate) -> dict[str, Any]:
    lines = ["| table | published | removed | withheld | masked cells |", "|---|---|---|---|---|"]
    lines += [
        f"| {table.table_name} | {table.rows_published} | {table.rows_removed} | "
        f"{table.rows_withheld} | {table.cells_masked} |"
        for table in candidate.tables
    ]
    return {
        "models": candidate.n_models,
        "tables": dg.MetadataValue.md("\n".join(lines)),
    }
