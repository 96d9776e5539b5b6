"""Say where in a contract file a fault is: file, line, field, what was expected and found."""

import re
from typing import Any

from pydantic import ValidationError

from pm_pipeline.strict_yaml import Document


def explain_faults(document: Document, error: ValidationError) -> str:
    """One line per fault of a contract whose settings stand under ``attributes``."""
    parts = []
    for fault in error.errors(include_url=False, include_context=False):
        location = _in_file(document.value["attributes"], fault["loc"])
        line = document.line_of(("attributes", *location))
        message = re.sub(r"^Value error, ", "", fault["msg"])
        if fault["type"] == "extra_forbidden":
            message = "unknown key; check its spelling"
        elif not isinstance(fault["input"], dict | list) and fault["type"] != "missing":
            message += f" (found '{str(fault['input'])[:60]}')"
        parts.append(f"{document.path}, line {line}: {'.'.join(location)}: {message}")
    return "\n".join(parts)


def _in_file(value: Any, loc: tuple[str | int, ...]) -> tuple[str, ...]:
    """The field's path as the file has it: list positions of tables and columns become names."""
    path: list[str] = []
    for step in loc:
        if isinstance(step, int) and isinstance(value, dict) and step < len(value):
            step = list(value)[step]
        if isinstance(value, dict):
            value = value.get(step)
        path.append(str(step))
    return tuple(path)
