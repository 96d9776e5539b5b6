"""Does each filter name one process, and does each condition take its operator and a right value?"""

import re
from collections.abc import Iterable
from datetime import date

from pm_pipeline.law.checks.told import tell, unknown_ids
from pm_pipeline.registry import FilterCondition, FilterField, FilterOperator, Finding, Registry

_HAS = (FilterOperator.HAS, FilterOperator.LACKS)
OPERATORS = {
    **{
        field: (FilterOperator.IS,)
        for field in (
            FilterField.PROCESS, FilterField.REGIME, FilterField.TARGET_GROUP, FilterField.UNIT,
            FilterField.REGISTERED_YEAR, FilterField.IS_CLOSED,
        )
    },
    FilterField.REGISTERED_ON: (FilterOperator.FROM, FilterOperator.BEFORE),
    FilterField.ACTIVITY: _HAS,
    FilterField.DIRECTLY_FOLLOWS: _HAS,
    FilterField.LEAD_TIME_DAYS: (FilterOperator.AT_LEAST, FilterOperator.AT_MOST),
    FilterField.VARIANT_COVERAGE: (FilterOperator.AT_MOST,),
}
#: Fields that compare with one value; the others take any of a list.
_SINGLE = frozenset(
    {
        FilterField.PROCESS, FilterField.REGISTERED_ON, FilterField.IS_CLOSED,
        FilterField.LEAD_TIME_DAYS, FilterField.VARIANT_COVERAGE,
    }
)  # fmt: skip
_NUMBER = r"\d{1,7}(\.\d{1,6})?"


def filter_findings(registry: Registry) -> list[Finding]:
    """Every fault in the rows of ``mapping/filters.csv``."""
    processes = _processes(registry.filters)
    found = []
    for filter_id, rows in processes.items():
        first = next(one for one in registry.filters if one.filter_id == filter_id)
        if len(rows) != 1:
            found.append(
                tell(rows[1] if rows else first, "field", "one row 'process' in each filter",
                     f"{len(rows)} in '{filter_id}'", "a filter is of one process: keep one such row")
            )  # fmt: skip
        if not re.fullmatch(r"[A-Za-z0-9_.-]+", filter_id) or filter_id in {
            one.process_id for one in registry.processes
        }:
            found.append(
                tell(first, "filter_id", "a name of letters, digits, '_', '-' and '.', no process",
                     f"'{filter_id}'",
                     "rename it: process ids and names with / are those of the breakdowns")
            )  # fmt: skip
    for row in registry.filters:
        of_filter = processes[row.filter_id]
        process_id = of_filter[0].value[0] if len(of_filter) == 1 and of_filter[0].value else None
        found += _condition_findings(registry, row, process_id)
    return found


def _processes(rows: Iterable[FilterCondition]) -> dict[str, list[FilterCondition]]:
    """Per filter its rows that name a process, in the order of the file."""
    processes: dict[str, list[FilterCondition]] = {}
    for row in rows:
        named = processes.setdefault(row.filter_id, [])
        if row.field is FilterField.PROCESS:
            named.append(row)
    return processes


def _condition_findings(
    registry: Registry, row: FilterCondition, process_id: str | None
) -> list[Finding]:
    operators = OPERATORS[row.field]
    if row.operator not in operators:
        return [
            tell(row, "operator", f"{' or '.join(operators)}, as {row.field} takes it",
                 f"'{row.operator}'", "correct it")
        ]  # fmt: skip
    if not row.value:
        return [tell(row, "value", "a value to compare with", "an empty cell", "enter it")]
    if row.field in _SINGLE and len(row.value) > 1:
        return [
            tell(row, "value", f"one value: {row.field} takes no list", f"{len(row.value)} of them",
                 "keep one")
        ]  # fmt: skip
    known = _known(registry, row.field)
    if known is not None:
        found = unknown_ids(row, "value", _ids(row), known)
        if row.field is FilterField.REGIME and process_id is not None and not found:
            mine = [one.regime_id for one in registry.regimes_of(process_id)]
            found = unknown_ids(row, "value", row.value, mine)
        return found
    expected = _EXPECTED.get(row.field)
    return [
        tell(row, "value", expected, f"'{one}'", "correct it")
        for one in row.value if expected is not None and not _is_right(row.field, one)
    ]  # fmt: skip


def _ids(row: FilterCondition) -> list[str]:
    """The ids a cell names: of one that follows another two, or what stands there if it is no pair."""
    if row.field is not FilterField.DIRECTLY_FOLLOWS:
        return list(row.value)
    return [part for one in row.value for part in (one.split(">") if one.count(">") == 1 else [one])]


def _known(registry: Registry, field: FilterField) -> set[str] | None:
    if field is FilterField.PROCESS:
        return {one.process_id for one in registry.processes}
    if field is FilterField.REGIME:
        return {one.regime_id for one in registry.regimes}
    if field is FilterField.TARGET_GROUP:
        return {one.target_group for one in registry.target_groups}
    if field in (FilterField.ACTIVITY, FilterField.DIRECTLY_FOLLOWS):
        return {one.activity_id for one in registry.activities}
    return None


#: Units are told by the data alone: any name may be one.
_EXPECTED = {
    FilterField.REGISTERED_YEAR: "a year as yyyy",
    FilterField.REGISTERED_ON: "a day that exists, as yyyy-mm-dd",
    FilterField.IS_CLOSED: "true or false",
    FilterField.LEAD_TIME_DAYS: "a number of days",
    FilterField.VARIANT_COVERAGE: "a share above 0 and up to 1",
}


def _is_right(field: FilterField, value: str) -> bool:
    if field is FilterField.REGISTERED_YEAR:
        return re.fullmatch(r"[12]\d{3}", value) is not None
    if field is FilterField.REGISTERED_ON:
        return _is_day(value)
    if field is FilterField.IS_CLOSED:
        return value in ("true", "false")
    is_number = re.fullmatch(_NUMBER, value) is not None
    return is_number and (field is FilterField.LEAD_TIME_DAYS or 0 < float(value) <= 1)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
