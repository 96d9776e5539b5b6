"""The closed list of expectation types a suite may use, and what each one must be given.

Great Expectations drops an expectation whose type it does not know and only logs it, and its import
costs ten seconds. So the structure of a suite is judged here, in plain Python; the library itself
judges it once more before it runs (:mod:`pm_pipeline.quality.judging.engine`). A type not listed
needs one line here: types that look at single rows, or whose result on pandas was found wrong, are
left out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pm_pipeline.quality.suites.datasets import ColumnKind, Dataset

_NUMBERS = frozenset({ColumnKind.COUNT, ColumnKind.PERCENT})
_TEXT = frozenset({ColumnKind.TEXT})
_ANY = frozenset(ColumnKind)


@dataclass(frozen=True)
class ExpectationType:
    """One type: the arguments it needs, those it may have, and the columns it makes sense on."""

    required: frozenset[str]
    optional: frozenset[str]
    column_kinds: frozenset[ColumnKind]
    whole_column: bool = False  # judged on the rows of one slice together, not row by row


def _type(
    required: str, optional: str, kinds: frozenset[ColumnKind], whole_column: bool = False
) -> ExpectationType:
    return ExpectationType(
        frozenset(required.split()), frozenset(optional.split()), kinds, whole_column
    )


_BOUNDS = "min_value max_value strict_min strict_max"

EXPECTATION_TYPES: Mapping[str, ExpectationType] = {
    "expect_column_values_to_be_between": _type("column", _BOUNDS, _NUMBERS),
    "expect_column_sum_to_be_between": _type("column", _BOUNDS, _NUMBERS, True),
    "expect_column_min_to_be_between": _type("column", _BOUNDS, _NUMBERS, True),
    "expect_column_max_to_be_between": _type("column", _BOUNDS, _NUMBERS, True),
    "expect_table_row_count_to_be_between": _type("", _BOUNDS, _NUMBERS, True),
    "expect_column_pair_values_a_to_be_greater_than_b": _type(
        "column_A column_B", "or_equal", _NUMBERS
    ),
    "expect_column_pair_values_to_be_equal": _type("column_A column_B", "", _NUMBERS),
    "expect_column_values_to_not_be_null": _type("column", "", _ANY),
    "expect_column_values_to_be_null": _type("column", "", _ANY),
    "expect_column_values_to_be_in_set": _type("column value_set", "", _TEXT),
    "expect_column_values_to_not_be_in_set": _type("column value_set", "", _TEXT),
    "expect_column_distinct_values_to_contain_set": _type("column value_set", "", _TEXT, True),
    "expect_column_values_to_match_regex": _type("column regex", "", _TEXT),
    "expect_column_values_to_not_match_regex": _type("column regex", "", _TEXT),
}


def nearest(name: str, known: list[str]) -> str:
    """A hint for a message: the known name that looks most like ``name``."""
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known))}"


def argument_fault(
    type_name: str, kwargs: Mapping[str, Any], dataset: Dataset, parameters: Mapping[str, Any]
) -> str | None:
    """What is wrong with the arguments of an expectation, in words; None when nothing is.

    ``type_name`` must be one of :data:`EXPECTATION_TYPES`.
    """
    kind = EXPECTATION_TYPES[type_name]
    allowed = kind.required | kind.optional
    for name in kwargs:
        if name not in allowed:
            return f"unknown argument {name!r}; {nearest(name, sorted(allowed))}"
    missing = sorted(kind.required - kwargs.keys())
    if missing:
        return f"argument {missing[0]!r} is missing"
    for name, value in kwargs.items():
        if name.startswith("column"):
            fault = _column_fault(value, kind.column_kinds, dataset)
        else:
            fault = _VALUE_CHECKS[name](value, parameters)
        if fault:
            return f"argument {name!r}: {fault}"
    return _bounds_fault(kwargs) if "min_value" in allowed else None


def _column_fault(value: Any, kinds: frozenset[ColumnKind], dataset: Dataset) -> str | None:
    if not isinstance(value, str) or value not in dataset.columns:
        hint = nearest(str(value), list(dataset.columns))
        return f"{dataset.name} has no column {value!r}; {hint}"
    found = dataset.columns[value]
    if found not in kinds:
        wanted = " or ".join(sorted(kinds))
        return f"column {value!r} holds a {found}, this expectation needs a {wanted}"
    return None


def _bounds_fault(kwargs: Mapping[str, Any]) -> str | None:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is None and high is None:
        return "neither min_value nor max_value is given, so that it can never fail"
    if low is not None and high is not None and low > high:
        return f"min_value {low} is above max_value {high}"
    return None


def _number_fault(value: Any, _: Mapping[str, Any]) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"expected a number, found {value!r}"
    return None


def _truth_fault(value: Any, _: Mapping[str, Any]) -> str | None:
    return None if isinstance(value, bool) else f"expected true or false, found {value!r}"


def _regex_fault(value: Any, _: Mapping[str, Any]) -> str | None:
    if not isinstance(value, str) or not value:
        return f"expected a regular expression, found {value!r}"
    try:
        re.compile(value)
    except re.error as error:
        return f"not a regular expression: {error}"
    return None


def _values_fault(value: Any, parameters: Mapping[str, Any]) -> str | None:
    if isinstance(value, dict):
        name = value.get("$PARAMETER")
        if set(value) != {"$PARAMETER"} or name not in parameters:
            return f"unknown parameter {name!r}; {nearest(str(name), list(parameters))}"
        return None
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        return 'expected a list of codes as text, or {"$PARAMETER": "<name>"}'
    return None


_VALUE_CHECKS: Mapping[str, Callable[[Any, Mapping[str, Any]], str | None]] = {
    "min_value": _number_fault,
    "max_value": _number_fault,
    "strict_min": _truth_fault,
    "strict_max": _truth_fault,
    "or_equal": _truth_fault,
    "regex": _regex_fault,
    "value_set": _values_fault,
}
