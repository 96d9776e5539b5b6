"""A filter as YAML: written from its seed rows, and read strictly into such rows.

    filter: closed_without_talk
    process: forsikrede_ledige
    conditions:
      - field: activity
        operator: lacks
        value: JOBSAMTALE
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pm_pipeline.registry.findings import Finding, refuse
from pm_pipeline.registry.rows import FilterCondition
from pm_pipeline.registry.vocabulary import FilterField, FilterOperator
from pm_pipeline.strict_yaml import Document, load_strict_yaml

_KEYS = ("filter", "process", "conditions")
_CONDITION_KEYS = ("field", "operator", "value")


def filter_as_yaml(rows: Sequence[FilterCondition]) -> str:
    """The filter of these rows, conditions in the order of field, operator and value."""
    process = next(one for one in rows if one.field is FilterField.PROCESS)
    conditions = sorted(
        (one.field.value, one.operator.value, "|".join(one.value))
        for one in rows if one.field is not FilterField.PROCESS
    )
    head = f"filter: {_text(rows[0].filter_id)}\nprocess: {_text(process.value[0])}\nconditions:"
    if not conditions:
        return f"{head} []\n"
    return f"{head}\n" + "".join(
        f"  - field: {field}\n    operator: {operator}\n    value: {_text(value)}\n"
        for field, operator, value in conditions
    )


def read_filter(path: Path) -> tuple[FilterCondition, ...]:
    """The rows that a file of one filter stands for; ``line`` is that of the YAML, ``row`` counts them.

    PipelineError with file, line and key for anything that is no filter of this form; whether its
    ids are known is for the register to say.
    """
    document = load_strict_yaml(path)
    findings = _form_findings(document)
    refuse(path.parent, findings, "the filter")
    told = document.value
    records = [(("process",), ("process", "is", told["process"]))] + [
        (("conditions", str(place)), tuple(one[key] for key in _CONDITION_KEYS))
        for place, one in enumerate(told["conditions"])
    ]
    rows = []
    for number, (location, (field, operator, value)) in enumerate(records, start=1):
        try:
            rows.append(
                FilterCondition.model_validate(
                    {
                        "row": number, "line": document.line_of(location), "field": field,
                        "filter_id": told["filter"], "operator": operator, "value": value,
                    }
                )
            )
        except ValidationError as error:
            findings += [_told(document, location, str(one["loc"][0])) for one in error.errors()]
    refuse(path.parent, findings, "the filter")
    return tuple(rows)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _form_findings(document: Document) -> list[Finding]:
    found = _key_findings(document, document.value, (), _KEYS)
    if found:
        return found
    for key in ("filter", "process"):
        if not isinstance(document.value[key], str) or not document.value[key]:
            found.append(_fault(document, (key,), "a name", "something else", "correct it"))
    conditions = document.value["conditions"]
    if not isinstance(conditions, list):
        return [*found, _fault(document, ("conditions",), "a list of conditions", "none", "write []")]
    for place, one in enumerate(conditions):
        at = ("conditions", str(place))
        wrong = _key_findings(document, one, at, _CONDITION_KEYS)
        found += wrong or [
            _fault(document, (*at, key), "text", "something else", "write a|b for one of several")
            for key in _CONDITION_KEYS if not isinstance(one[key], str) or not one[key]
        ]
    return found


def _key_findings(
    document: Document, value: Any, at: tuple[str, ...], keys: tuple[str, ...]
) -> list[Finding]:
    if not isinstance(value, dict):
        return [_fault(document, at, f"the keys {', '.join(keys)}", "none", "write them")]
    return [
        _fault(document, (*at, key), f"only the keys {', '.join(keys)}", "another", "remove it")
        for key in value if key not in keys
    ] + [
        _fault(document, (*at, key), "a value", "no such key", "write it")
        for key in keys if key not in value
    ]


def _told(document: Document, location: tuple[str, ...], key: str) -> Finding:
    vocabulary = {"field": FilterField, "operator": FilterOperator}.get(key)
    expected = f"one of {', '.join(vocabulary)}" if vocabulary else "a name without |"
    return _fault(document, (*location, key), expected, "something else", "correct it")


def _fault(
    document: Document, at: tuple[str, ...], expected: str, found: str, action: str
) -> Finding:
    return Finding(
        document.path.name, expected, found, action, column=at[-1] if at else None,
        line=document.line_of(at) or 1,
    )  # fmt: skip
