"""Rules made of seed rows: what holds for the log of a process is a row of ``quality/log_rules.csv``.

dbt asks the log and counts (``quality.quality_log_rules``, one row per process, regime and log rule);
each row of the seed becomes one rule about these counts, with the row's id, labels and severity.
"""

from types import MappingProxyType

from pm_pipeline.quality.suites.datasets import QUALITY_LOG_RULES
from pm_pipeline.quality.suites.rule import SEEDS, Rule
from pm_pipeline.registry import LogRule


def rule_of(row: LogRule) -> Rule:
    """At most ``allowed_percent`` of what was looked at breaks it; none, where the row has no limit."""
    only = {"process_id": row.process_id, "regime_id": row.regime_id, "log_rule_id": row.rule_id}
    return Rule(
        rule_id=row.rule_id, dataset=QUALITY_LOG_RULES.name, suite=SEEDS,
        type="expect_column_values_to_be_between",
        kwargs=MappingProxyType(
            {"column": "found_percent", "max_value": float(row.allowed_percent or 0)}
        ),
        severity=row.severity.value, title_da=row.label_da, title_en=row.label_en,
        legal_basis=None, reason=row.notes or f"{row.kind}: what holds for the log of the process",
        checked="checked", failed="found",
        only=MappingProxyType({name: value for name, value in only.items() if value is not None}),
    )  # fmt: skip
