"""Small object-centric logs in the three forms of OCEL 2.0, written from one description."""

from __future__ import annotations

import copy
import json
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ingest_files import shipped_contracts

from pm_pipeline.ingest.contract.model import Contract, Table
from pm_pipeline.ingest.readers.formats import reader_of

FORMS = ("jsonocel", "xmlocel", "sqlite")
Log = dict[str, list[dict[str, Any]]]
#: Two applications of one citizen and a decision; the citizen's number is from the impossible range.
CITIZEN = "710181-1234"
SMALL: Log = {
    "objectTypes": [
        {"name": "borger", "attributes": []},
        {"name": "application", "attributes": [
            {"name": "target_group", "type": "string"}, {"name": "amount", "type": "integer"},
            {"name": "is_urgent", "type": "boolean"}, {"name": "remark", "type": "string"},
        ]},
    ],
    "eventTypes": [
        {"name": "apply", "attributes": [
            {"name": "resource", "type": "string"}, {"name": "note", "type": "string"},
        ]},
        {"name": "decide", "attributes": [{"name": "resource", "type": "string"}]},
    ],
    "objects": [
        {"id": CITIZEN, "type": "borger"},
        {"id": "A1", "type": "application", "attributes": [
            {"name": "target_group", "time": "1970-01-01T00:00:00Z", "value": "6.2"},
            {"name": "target_group", "time": "2024-03-02T09:00:00Z", "value": "6.1"},
            {"name": "remark", "time": "1970-01-01T00:00:00Z", "value": "Kim Borger ringede"},
        ], "relationships": [{"objectId": CITIZEN, "qualifier": "of"}]},
        {"id": "A2", "type": "application", "attributes": [
            {"name": "amount", "time": "1970-01-01T00:00:00Z", "value": 5},
        ], "relationships": [{"objectId": CITIZEN, "qualifier": "of"}]},
    ],
    "events": [
        {"id": "e1", "type": "apply", "time": "2024-03-01T09:00:00Z", "attributes": [
            {"name": "resource", "value": "Kim Person"}, {"name": "note", "value": "om Kim Borger"},
        ], "relationships": [
            {"objectId": "A1", "qualifier": "creates"}, {"objectId": CITIZEN, "qualifier": "by"},
        ]},
        {"id": "e2", "type": "apply", "time": "2024-03-01T09:00:00+01:00",
         "attributes": [{"name": "resource", "value": "Robot 7"}],
         "relationships": [{"objectId": "A2", "qualifier": "creates"}]},
        {"id": "e3", "type": "decide", "time": "2024-03-04T10:30:00", "attributes": [],
         "relationships": [
             {"objectId": "A1", "qualifier": "about"}, {"objectId": "A2", "qualifier": "about"},
         ]},
    ],
}


def changed(**lists: Any) -> Log:
    """The small log; each list is changed by a function of it."""
    log = copy.deepcopy(SMALL)
    for name, change in lists.items():
        change(log[name])
    return log


def write_log(path: Path, log: Log = SMALL) -> Path:
    """Write a log in the form its name ends with."""
    form = path.suffix.removeprefix(".")
    path.unlink(missing_ok=True)
    {"jsonocel": _write_json, "xmlocel": _write_xml, "sqlite": _write_sqlite}[form](path, log)
    return path


def _write_json(path: Path, log: Log) -> None:
    path.write_text(json.dumps(log, indent=1), encoding="utf-8")


def _write_xml(path: Path, log: Log) -> None:
    root = ElementTree.Element("log")
    for kind in ("object", "event"):
        types = ElementTree.SubElement(root, f"{kind}-types")
        for one in log[f"{kind}Types"]:
            type_ = ElementTree.SubElement(types, f"{kind}-type", name=one["name"])
            held = ElementTree.SubElement(type_, "attributes")
            for attribute in one["attributes"]:
                ElementTree.SubElement(held, "attribute", attribute)
    for kind in ("object", "event"):
        elements = ElementTree.SubElement(root, f"{kind}s")
        for one in log[f"{kind}s"]:
            own = {key: one[key] for key in ("id", "type", "time") if key in one}
            element = ElementTree.SubElement(elements, kind, own)
            held = ElementTree.SubElement(element, "attributes")
            for attribute in one.get("attributes", []):
                given = {key: attribute[key] for key in ("name", "time") if key in attribute}
                ElementTree.SubElement(held, "attribute", given).text = str(attribute["value"])
            related = ElementTree.SubElement(element, "objects")
            for relation in one.get("relationships", []):
                ElementTree.SubElement(related, "relationship", {
                    "object-id": relation["objectId"], "qualifier": relation["qualifier"],
                })
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _write_sqlite(path: Path, log: Log) -> None:
    # no keys, as some exporters write it: the reader may not lean on them
    with sqlite3.connect(path) as db:
        db.execute("create table event (ocel_id text, ocel_type text)")
        db.execute("create table object (ocel_id text, ocel_type text)")
        db.execute("create table event_object "
                   "(ocel_event_id text, ocel_object_id text, ocel_qualifier text)")
        db.execute("create table object_object "
                   "(ocel_source_id text, ocel_target_id text, ocel_qualifier text)")
        for kind in ("event", "object"):
            db.execute(f"create table {kind}_map_type (ocel_type text, ocel_type_map text)")
            for one in log[f"{kind}Types"]:
                name, names = one["name"], [a["name"] for a in one["attributes"]]
                db.execute(f"insert into {kind}_map_type values (?, ?)", (name, name.title()))
                changing = ["ocel_changed_field text"] if kind == "object" else []
                told = [f'"{a["name"]}" {a["type"]}' for a in one["attributes"]]
                columns = ", ".join(["ocel_id text", "ocel_time timestamp", *changing, *told])
                db.execute(f"create table {kind}_{name.title()} ({columns})")
                for element in log[f"{kind}s"]:
                    if element["type"] == name:
                        _insert(db, kind, f"{kind}_{name.title()}", names, element)
            for element in log[f"{kind}s"]:
                db.execute(f"insert into {kind} values (?, ?)", (element.get("id"), element["type"]))
                for relation in element.get("relationships", []):
                    db.execute(f"insert into {kind}_object values (?, ?, ?)",
                               (element.get("id"), relation["objectId"], relation["qualifier"]))
    db.close()


def _insert(
    db: sqlite3.Connection, kind: str, table: str, names: list[str], element: dict[str, Any]
) -> None:
    attributes = element.get("attributes", [])
    if kind == "event":
        values = {a["name"]: a["value"] for a in attributes if a["name"] in names}
        rows = [(element.get("id"), element.get("time"), *(values.get(one) for one in names))]
    else:
        epoch = "1970-01-01T00:00:00Z"
        first = {a["name"]: a["value"] for a in attributes if a["time"] == epoch}
        rows = [(element.get("id"), epoch, None, *(first.get(one) for one in names))]
        rows += [
            (element.get("id"), a["time"], a["name"],
             *(a["value"] if one == a["name"] else None for one in names))
            for a in attributes if a["time"] != epoch
        ]
    for row in rows:
        db.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)


def table_of(part: str, **change: Any) -> Table:
    """A table of the shipped contract."""
    return _contract().table(part).model_copy(update=change)


@cache
def _contract() -> Contract:
    return shipped_contracts()["object_log"].latest


def read_rows(path: Path, part: str, **change: Any) -> tuple[list[dict[str, Any]], list[Any]]:
    """The raw rows of a part as the contract asks for them, and (row, reason) of each reject."""
    table = table_of(part, **change)
    batches = list(reader_of(table, path.name)(path, table, path.name))
    rows = [row for batch in batches for row in batch.values.to_pylist()]
    bad = [(r["source_row"], r["reason"]) for b in batches for r in b.rejects.to_pylist()]
    return rows, bad
