"""Does each rule on the log fill the cells that its kind uses, and no others?"""

from dataclasses import dataclass

from pm_pipeline.law.checks.told import tell, unknown_ids
from pm_pipeline.registry import (
    DurationUnit,
    Finding,
    LogAttribute,
    LogRule,
    LogRuleKind,
    Registry,
)

_WORDS = frozenset(
    {
        LogAttribute.RESOURCE_TYPE, LogAttribute.RESPONSIBLE_PARTY, LogAttribute.ORG_UNIT_ID,
        LogAttribute.TARGET_GROUP,
    }
)  # fmt: skip
# Whose work a row is: two rows of one target group are nothing that one doer did at once.
_DOERS = _WORDS - {LogAttribute.TARGET_GROUP}


@dataclass(frozen=True)
class _Cells:
    """What a rule of a kind fills beside its process: ``needs`` always, ``may`` if it likes."""

    needs: frozenset[str]
    may: frozenset[str] = frozenset()
    attributes: frozenset[LogAttribute] = frozenset(LogAttribute)
    activities: int = 1


def _cells(
    needs: str = "", may: str = "", attributes: frozenset[LogAttribute] = frozenset(LogAttribute),
    activities: int = 1,
) -> _Cells:
    return _Cells(frozenset(needs.split()), frozenset(may.split()), attributes, activities)


_CELLS_OF_KIND = {
    LogRuleKind.ACTIVITY_FREQUENCY: _cells("activity_id amount"),
    LogRuleKind.ACTIVITY_ORDER: _cells("activity_id", activities=2),
    LogRuleKind.ACTIVITY_RESOURCE: _cells("activity_id resource_kind"),
    LogRuleKind.ACTIVITY_DURATION: _cells("activity_id amount unit"),
    LogRuleKind.MISSING_ACTIVITY: _cells("activity_id"),
    LogRuleKind.MISSING_VALUE: _cells("attribute", "activity_id"),
    LogRuleKind.INACTIVE_PERIOD: _cells("amount unit"),
    LogRuleKind.RELATED_ACTIVITIES: _cells("activity_id", activities=2),
    LogRuleKind.CONDITIONAL_PRESENCE: _cells("activity_id attribute attribute_values", "", _WORDS),
    LogRuleKind.RESOURCE_INCONSISTENCY: _cells("", "activity_id"),
    LogRuleKind.VALUE_RANGE: _cells(
        "attribute", "activity_id attribute_values amount_from amount", _WORDS
    ),
    LogRuleKind.TIME_ANOMALY: _cells("", "activity_id"),
    LogRuleKind.DURATION_OUTLIER: _cells("activity_id amount unit", "amount_from"),
    LogRuleKind.MULTI_REGISTRATION: _cells("amount unit", "attribute activity_id", _DOERS),
    LogRuleKind.OVERLAP: _cells("", "attribute activity_id", _DOERS),
}
_COLUMNS = (
    "activity_id", "resource_kind", "attribute", "attribute_values", "amount_from", "amount", "unit",
)  # fmt: skip


def log_rule_findings(registry: Registry) -> list[Finding]:
    """Every fault in the rows of ``quality/log_rules.csv``."""
    processes = {one.process_id for one in registry.processes}
    activities = {one.activity_id for one in registry.activities}
    regimes = {one.regime_id: one.process_id for one in registry.regimes}
    found = []
    for row in registry.log_rules:
        found += unknown_ids(row, "process_id", (row.process_id,), processes)
        found += unknown_ids(row, "activity_id", row.activity_id, activities)
        if row.regime_id is not None:
            found += unknown_ids(row, "regime_id", (row.regime_id,), regimes)
            if regimes.get(row.regime_id, row.process_id) != row.process_id:
                found.append(
                    tell(row, "regime_id", f"a regime of the process '{row.process_id}'",
                         f"'{row.regime_id}'", "correct one of the two")
                )  # fmt: skip
        found += _cell_findings(row)
        found += _amount_findings(row)
    return found


def _is_empty(row: LogRule, column: str) -> bool:
    return getattr(row, column) in (None, ())


def _cell_findings(row: LogRule) -> list[Finding]:
    cells = _CELLS_OF_KIND[row.kind]
    found = []
    for column in _COLUMNS:
        is_empty = _is_empty(row, column)
        if column in cells.needs and is_empty:
            found.append(
                tell(row, column, f"a value: a rule of kind {row.kind} needs it",
                     "an empty cell", "enter it")
            )  # fmt: skip
        elif column not in cells.needs | cells.may and not is_empty:
            found.append(
                tell(row, column, f"an empty cell: a rule of kind {row.kind} does not use it",
                     "a value", "remove it, or correct the kind")
            )  # fmt: skip
    if row.attribute is not None and row.attribute not in cells.attributes:
        found.append(
            tell(row, "attribute", f"one of {', '.join(sorted(cells.attributes))} in a rule of kind "
                 f"{row.kind}", f"'{row.attribute}'", "correct it")
        )  # fmt: skip
    if 0 < len(row.activity_id) < cells.activities:
        found.append(
            tell(row, "activity_id", f"at least {cells.activities} activities: a rule of kind "
                 f"{row.kind} compares them", f"'{row.activity_id[0]}'", "enter the others")
        )  # fmt: skip
    return found


def _amount_findings(row: LogRule) -> list[Finding]:
    found = []
    if row.kind is LogRuleKind.VALUE_RANGE:
        has_bounds = [not _is_empty(row, one) for one in ("amount_from", "amount")]
        if any(has_bounds) == bool(row.attribute_values) or any(has_bounds) != all(has_bounds):
            found.append(
                tell(row, "attribute_values", "the values there are, or both amount_from and amount",
                     "another choice of cells", "enter one of the two")
            )  # fmt: skip
    elif row.amount is not None and row.amount < 1:
        found.append(tell(row, "amount", "at least 1", f"'{row.amount}'", "correct the number"))
    if row.amount_from is not None and row.amount is not None and row.amount_from > row.amount:
        found.append(
            tell(row, "amount_from", f"at most the amount {row.amount}", f"'{row.amount_from}'",
                 "correct one of the two")
        )  # fmt: skip
    if row.unit is DurationUnit.SD and (
        row.kind is not LogRuleKind.DURATION_OUTLIER or row.amount_from is not None
    ):
        found.append(
            tell(row, "unit", "a unit of time: standard deviations lie around a mean, in a rule "
                 f"of kind {LogRuleKind.DURATION_OUTLIER}", "'sd'", "correct it")
        )  # fmt: skip
    if row.allowed_percent is not None and not 0 <= row.allowed_percent <= 100:
        found.append(
            tell(row, "allowed_percent", "0 to 100", f"'{row.allowed_percent}'", "correct the number")
        )
    return found
