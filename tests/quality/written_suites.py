"""Suites as a maintainer writes them, for tests to write one that is not what it should be."""

import json
from pathlib import Path
from typing import Any

Spec = dict[str, Any]


def rule(rule_id: str = "EV-1", **changes: Any) -> Spec:
    meta = {
        "rule_id": rule_id, "title_da": "Titel", "title_en": "Title", "reason": "Because.",
        "checked": "events", "failed": "events_in_future",
    }  # fmt: skip
    kwargs = {"column": "events_in_future_percent", "max_value": 1}
    found: Spec = {
        "type": "expect_column_values_to_be_between", "kwargs": kwargs, "severity": "warning",
        "meta": meta,
    }  # fmt: skip
    for key, value in changes.items():
        section, _, name = key.partition("__")
        target = found[section] if name else found
        if value is None:
            del target[name or section]
        else:
            target[name or section] = value
    return found


def write(root: Path, name: str, /, *rules: Spec, **extra: Any) -> Path:
    path = root / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"name": name, "expectations": list(rules)} | extra), "utf-8")
    return path
