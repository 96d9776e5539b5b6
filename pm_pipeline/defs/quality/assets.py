"""What the suites say about a municipality's data, and how that shows on the tables they are about."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import dagster as dg
import duckdb

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities, municipality_check
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import MADE_FROM, RULE_RESULTS
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.quality.judging.results import RuleResult, read_results
from pm_pipeline.quality.judging.runner import run_suites
from pm_pipeline.quality.suites.loading import load_suites
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.settings import get_settings

_RULE_RESULTS = dg.AssetKey(list(RULE_RESULTS.asset))

#: The table a dataset of facts is about: there its checks are shown.
JUDGED_TABLE = {
    "quality_events": dg.AssetKey(["core", "events"]),
    "quality_cases": dg.AssetKey(["core", "cases"]),
    "quality_codes": dg.AssetKey(["core", "activities"]),
    "quality_rows": dg.AssetKey(["core", "rejected_events"]),
}


@dg.asset(
    key=_RULE_RESULTS,
    group_name="quality",
    kinds={"greatexpectations", "parquet"},
    owners=["team:data"],
    partitions_def=municipalities(),
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(table)) for table in RULE_RESULTS.reads],
    code_version=code_versions(get_settings()).results[RULE_RESULTS.name],
)
def rule_results(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One row per rule and slice (process × regime): outcome, counts and threshold, never a value."""
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, RULE_RESULTS)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        report = run_suites(
            connection,
            municipality_id,
            load_checked_registry(settings.seeds_dir),
            settings.expectations_dir,
            RULE_RESULTS.path(settings, municipality_id),
            as_of=_as_of(connection),
            about={MADE_FROM: recipe},
        )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={
            "dagster/partition_row_count": len(report.results),
            "outcomes": {outcome.value: n for outcome, n in report.outcomes.items()},
            "failing rules": dg.MetadataValue.md(_table([
                result for result in report.results if result.outcome in {"FAIL", "ERROR"}
            ])),
        }
    )


def _as_of(connection: duckdb.DuckDBPyConnection) -> Any:
    """The day the newest delivery was made: what lies after it is not known yet."""
    return connection.execute("select max(delivered_on) from core.deliveries").fetchall()[0][0]


def _check_specs() -> list[dg.AssetCheckSpec]:
    settings = get_settings()
    reference = Reference.of(load_checked_registry(settings.seeds_dir))
    rules = load_suites(settings.expectations_dir, reference).rules
    return [
        municipality_check(
            check_name(suite, dataset),
            asset=JUDGED_TABLE[dataset],
            additional_deps=[_RULE_RESULTS],
            description=f"The rules of expectations/{suite}/{dataset}.json on this municipality.",
            metadata={"suite": suite, "dataset": dataset},
        )
        for suite, dataset in sorted({(rule.suite, rule.dataset) for rule in rules})
    ]


def check_name(suite: str, dataset: str) -> str:
    """`baseline`, `privacy` or a regime, with the dataset it judges."""
    return f"{suite.split('/')[-1]}__{dataset.removeprefix('quality_')}"


@dg.multi_asset_check(specs=_check_specs(), can_subset=True)
def quality_checks(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """Show a municipality's results on the tables they are about; blocks nothing."""
    municipality_id = context.op_execution_context.partition_key
    results = read_results(RULE_RESULTS.path(get_settings(), municipality_id))
    for spec in context.op_execution_context.assets_def.check_specs:
        if spec.key not in context.selected_asset_check_keys:
            continue
        metadata = spec.metadata or {}
        mine = [
            result
            for result in results
            if result.suite == metadata["suite"] and result.dataset == metadata["dataset"]
        ]
        broken = [result for result in mine if result.outcome in {"FAIL", "ERROR"}]
        is_critical = any(result.severity == "critical" for result in broken)
        yield dg.AssetCheckResult(
            asset_key=spec.asset_key,
            check_name=spec.name,
            # a rule of severity info that fails is worth reading, not worth a warning
            passed=all(result.severity == "info" for result in broken),
            severity=dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN,
            metadata={
                "municipality": municipality_id,
                "outcomes": _outcomes(mine),
                "rules": dg.MetadataValue.md(_table(broken + [r for r in mine if r not in broken])),
            },
        )


def _outcomes(results: list[RuleResult]) -> str:
    """`12 PASS, 1 FAIL`: a suite that judged nothing (NOT_IN_FORCE) does not read as a pass."""
    counts = Counter(result.outcome.value for result in results)
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()) or "no rule"


def _table(results: list[RuleResult]) -> str:
    """A markdown table of rule results: slice, rule, severity, outcome, counts, threshold."""
    if not results:
        return "Nothing to show."
    lines = [
        "| slice | rule | severity | outcome | failed / checked | threshold |",
        "|---|---|---|---|---|---|",
    ]
    for result in results:
        where = result.regime_id or result.process_id or "whole delivery"
        counts = f"{_shown(result.n_failed)} / {_shown(result.n_checked)}"
        lines.append(
            f"| {where} | {result.rule_id} {result.title_da} | "
            f"{result.severity} | **{result.outcome}** | {counts} | {_shown(result.threshold)} |"
        )
    return "\n".join(lines)


def _shown(number: float | None) -> str:
    return "–" if number is None else f"{number:g}"
