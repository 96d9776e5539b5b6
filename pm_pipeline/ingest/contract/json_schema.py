"""The JSON Schema of a contract, so that an editor completes and checks one while it is written.

It is derived from the model and published as ``contract.schema.json`` beside the contracts; a test
keeps the two equal. What it cannot say (two formats that both fit, a role without its type) the
loader still checks.
"""

import json
import sys
from typing import Any

from pm_pipeline.ingest.contract.model import COMPONENT_TYPE, Column, Contract, Table


def contract_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a contract file: its two keys ``type`` and ``attributes``."""
    # In the file a table and a column are named by their key, and a column's header may be that name.
    table = _entry(Table, "columns", _entry(Column))
    attributes = _entry(Contract, "tables", table, named=False)
    definitions: dict[str, Any] = {}
    for part in (attributes, table, table["properties"]["columns"]["additionalProperties"]):
        definitions |= part.pop("$defs", {})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pm_pipeline contract of a case system",
        "type": "object",
        "required": ["type", "attributes"],
        "additionalProperties": False,
        "properties": {"type": {"const": COMPONENT_TYPE}, "attributes": attributes},
        "$defs": {
            name: definitions[name] for name in sorted(definitions) if name not in ("Table", "Column")
        },
    }


def _entry(
    model: type[Column] | type[Table] | type[Contract], children: str | None = None,
    child: dict[str, Any] | None = None, *, named: bool = True,
) -> dict[str, Any]:
    """One model as it stands in a file: without its name, its children as a mapping of names."""
    schema = model.model_json_schema(mode="validation")
    if named:
        schema["properties"].pop("name")
        schema["required"] = [name for name in schema.get("required", []) if name != "name"]
    if model is Column:
        schema["required"] = [name for name in schema["required"] if name != "header"]
    for setting in schema["properties"].values():
        _as_text(setting)
    for definition in schema.get("$defs", {}).values():
        for setting in definition.get("properties", {}).values():
            _as_text(setting)
    if children is not None:
        schema["properties"][children] = {
            "type": "object", "minProperties": 1, "additionalProperties": child,
            "propertyNames": {"pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"},
        }
    return schema


def _as_text(setting: dict[str, Any]) -> None:
    """Every scalar of the file is text to our loader; editors see YAML's own types beside it."""
    if setting.get("type") in ("integer", "number"):
        setting["type"] = [setting["type"], "string"]
    elif setting.get("type") == "boolean":
        setting["enum"] = [True, False, "true", "false", "yes", "no"]
        del setting["type"]
    elif setting.get("type") == "string":
        setting["type"] = ["string", "number", "boolean"]
    for inner in (setting.get("items"), *setting.get("anyOf", [])):
        if isinstance(inner, dict):
            _as_text(inner)
    if isinstance(setting.get("additionalProperties"), dict):
        _as_text(setting["additionalProperties"])


if __name__ == "__main__":
    json.dump(contract_schema(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
