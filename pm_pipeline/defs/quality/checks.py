"""How the rule results of a municipality show on the tables they are about. Blocks nothing."""

from collections.abc import Iterator, Mapping

import dagster as dg

from pm_pipeline.components.partitions import municipality_check
from pm_pipeline.components.results import RULE_HISTORY, RULE_RESULTS
from pm_pipeline.defs.quality.rule_table import (
    judged_table,
    not_judged_table,
    outcomes,
    sentence,
)
from pm_pipeline.errors import PipelineError
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.quality.judging.results import Outcome, RuleResult, read_results
from pm_pipeline.quality.judging.since import Judged, Since, since_when
from pm_pipeline.quality.suites.datasets import DATASETS
from pm_pipeline.quality.suites.loading import load_suites
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.quality.suites.rule import file_of
from pm_pipeline.settings import get_settings

#: The table a dataset of facts is about: there its checks are shown.
JUDGED_TABLE = {
    "quality_events": "events",
    "quality_cases": "cases",
    "quality_codes": "activities",
    "quality_rows": "rejected_events",
    "quality_imperfections": "event_log",
    "quality_log_rules": "event_log",
    "quality_labels": "activities",
    "quality_law_codes": "unmapped_codes",
    "quality_volumes": "events",
    "quality_restated": "delivery_changes",
}


def judged_asset(dataset: str) -> dg.AssetKey:
    """The table of ``core`` on which the checks of a dataset are shown.

    Raises:
        PipelineError: nobody has said which.
    """
    if dataset not in JUDGED_TABLE:
        raise PipelineError(
            f"{dataset}: nobody has said which table of core these facts are about, so its checks "
            f"have no place in Dagster; add it to JUDGED_TABLE in {__name__}"
        )
    return dg.AssetKey(["core", JUDGED_TABLE[dataset]])


def check_name(suite: str, dataset: str) -> str:
    """`baseline`, `privacy`, `seeds` or a regime, with the dataset it judges."""
    return f"{suite.split('/')[-1]}__{dataset.removeprefix('quality_')}"


def _check_specs() -> list[dg.AssetCheckSpec]:
    settings = get_settings()
    reference = Reference.of(load_checked_registry(settings.seeds_dir))
    rules = load_suites(settings.expectations_dir, reference).rules
    assets = {dataset: judged_asset(dataset) for dataset in DATASETS}
    return [
        municipality_check(
            check_name(suite, dataset),
            asset=assets[dataset],
            additional_deps=[dg.AssetKey(list(one.asset)) for one in (RULE_RESULTS, RULE_HISTORY)],
            description=f"The rules of {file_of(suite, dataset)} on this municipality.",
            metadata={"suite": suite, "dataset": dataset},
        )
        for suite, dataset in sorted({(rule.suite, rule.dataset) for rule in rules})
    ]


@dg.multi_asset_check(specs=_check_specs(), can_subset=True)
def quality_checks(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """Show a municipality's results on the tables they are about; blocks nothing."""
    municipality_id = context.op_execution_context.partition_key
    results = read_results(RULE_RESULTS.path(get_settings(), municipality_id))
    since = since_when(RULE_HISTORY.path(get_settings(), municipality_id))
    for spec in context.op_execution_context.assets_def.check_specs:
        if spec.key not in context.selected_asset_check_keys:
            continue
        metadata = spec.metadata or {}
        mine = [
            result
            for result in results
            if result.suite == metadata["suite"] and result.dataset == metadata["dataset"]
        ]
        yield check_result(spec, municipality_id, mine, since)


def check_result(
    spec: dg.AssetCheckSpec,
    municipality_id: str,
    results: list[RuleResult],
    since: Mapping[Judged, Since],
) -> dg.AssetCheckResult:
    """What Dagster shows of the results of one suite on one dataset; counts, never a value."""
    is_critical = any(result.is_broken and result.severity == "critical" for result in results)
    return dg.AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=bool(results) and not any(_needs_attention(result) for result in results),
        severity=dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN,
        description=sentence(results),
        metadata={
            "outcomes": outcomes(results),
            "municipality": municipality_id,
            "judged": dg.MetadataValue.md(judged_table(results, since)),
            "not judged": dg.MetadataValue.md(not_judged_table(results)),
        },
    )


def _needs_attention(result: RuleResult) -> bool:
    """A rule that broke always does; what a rule of severity info finds is worth reading only."""
    is_finding = result.outcome is Outcome.FAIL and result.severity != "info"
    return is_finding or result.outcome is Outcome.ERROR
