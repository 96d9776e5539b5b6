"""Object-centric event logs (OCEL 2.0): real ones, and every fault with its code."""

import gzip
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ingest_files import Town, shipped_contracts
from ocel_files import CITIZEN, FORMS, SMALL, changed, read_rows, table_of, write_log

from pm_pipeline.ingest.contract.ocel_parts import OCEL_PARTS
from pm_pipeline.ingest.readers.formats import reader_of
from pm_pipeline.ingest.rejects.reasons import RefusedError
from tests.real_logs import LOGS

OCEL = LOGS / "ocel"
needs_logs = pytest.mark.skipif(
    not OCEL.is_dir(), reason=f"no object-centric logs at {OCEL} (set PM_TEST_LOGS)"
)
EXAMPLES = tuple(f"ocel20_example.{form}" for form in FORMS)
SHIPPED_PARTS = ("events", "objects", "event_objects", "object_objects", "object_attributes")
form_of_file = pytest.mark.parametrize("form", FORMS)


def refusal(path: Path, part: str = "events", **change: Any) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        read_rows(path, part, **change)
    return caught.value


@needs_logs
@pytest.mark.parametrize(("part", "n_rows"), [
    ("events", 13), ("objects", 9), ("event_objects", 20), ("object_objects", 7),
    ("object_attributes", 12),
])
def test_the_example_log_gives_the_same_lake_rows_in_all_three_forms(
    part: str, n_rows: int, tmp_path: Path
) -> None:
    contract = shipped_contracts()["object_log"].latest
    attributes = contract.table("object_attributes")
    allowed = ("is_blocked", "po_product", "po_quantity", "pr_product", "pr_quantity")
    wider = attributes.model_copy(update={"columns": tuple(
        column.model_copy(update={"allowed": allowed}) if column.allowed else column
        for column in attributes.columns
    )})
    contract = contract.model_copy(update={
        "tables": tuple(wider if t is attributes else t for t in contract.tables)
    })
    lakes = []
    for number, name in enumerate(EXAMPLES):
        town = Town(tmp_path / str(number))
        shutil.copytree(tmp_path / "0" / "keys", town.keys) if number else None
        town.load(contract, OCEL / name)
        assert town.rejects() == []
        rows = [
            {k: v for k, v in row.items()
             if k not in ("delivery_id", "received_at", "source_file", "source_row")}
            for row in town.rows("object_log", part)
        ]
        lakes.append(sorted(rows, key=repr))
    assert len(lakes[0]) == n_rows
    assert lakes[0] == lakes[1] == lakes[2]


@needs_logs
@pytest.mark.parametrize("name", EXAMPLES)
def test_counts_times_and_relations_are_those_that_pm4py_reads(name: str) -> None:
    pytest.importorskip("pm4py")
    from pm4py.objects.ocel.importer.jsonocel import importer as json_importer
    from pm4py.objects.ocel.importer.sqlite import importer as sqlite_importer
    from pm4py.objects.ocel.importer.xmlocel import importer as xml_importer

    # its readers in Python: those in Rust need a library that is not among ours
    importer, variant = {
        "jsonocel": (json_importer, json_importer.Variants.OCEL20_STANDARD),
        "xmlocel": (xml_importer, xml_importer.Variants.OCEL20),
        "sqlite": (sqlite_importer, sqlite_importer.Variants.OCEL20),
    }[name.rsplit(".", 1)[1]]
    theirs = importer.apply(str(OCEL / name), variant=variant)
    ours = {part: read_rows(OCEL / name, part)[0] for part in SHIPPED_PARTS}
    assert {(r["event_id"], r["activity"]) for r in ours["events"]} == set(
        zip(theirs.events["ocel:eid"], theirs.events["ocel:activity"], strict=True)
    )
    assert {(r["object_id"], r["object_type"]) for r in ours["objects"]} == set(
        zip(theirs.objects["ocel:oid"], theirs.objects["ocel:type"], strict=True)
    )
    assert {tuple(r.values())[1:] for r in ours["event_objects"]} == set(zip(
        theirs.relations["ocel:eid"], theirs.relations["ocel:oid"],
        theirs.relations["ocel:qualifier"], strict=True,
    ))
    assert {tuple(r.values())[1:] for r in ours["object_objects"]} == set(zip(
        theirs.o2o["ocel:oid"], theirs.o2o["ocel:oid_2"], theirs.o2o["ocel:qualifier"], strict=True,
    ))


@needs_logs
def test_a_log_of_version_1_is_refused_and_told_so() -> None:
    refused = refusal(OCEL / "recruiting-red.jsonocel.gz")
    assert refused.code == "NOT_OCEL" and "version 1.0" in refused.what


@form_of_file
def test_every_part_of_a_log_is_told_alike_in_each_form(form: str, tmp_path: Path) -> None:
    path = write_log(tmp_path / f"log.{form}")
    events, _ = read_rows(path, "events")
    assert [(r["source_row"], r["event_id"], r["activity"], r["created_by"]) for r in events] == [
        (1, "e1", "apply", "human"), (2, "e2", "apply", "robot"), (3, "e3", "decide", None),
    ]
    objects, _ = read_rows(path, "objects")
    assert [(r["object_id"], r["object_type"]) for r in objects] == [
        (CITIZEN, "borger"), ("A1", "application"), ("A2", "application"),
    ]
    relations, _ = read_rows(path, "event_objects")
    assert [(r["event_id"], r["object_id"], r["qualifier"]) for r in relations] == [
        ("e1", "A1", "creates"), ("e1", CITIZEN, "by"), ("e2", "A2", "creates"),
        ("e3", "A1", "about"), ("e3", "A2", "about"),
    ]
    kin, _ = read_rows(path, "object_objects")
    assert [(r["source_object_id"], r["target_object_id"]) for r in kin] == [
        ("A1", CITIZEN), ("A2", CITIZEN),
    ]
    values, _ = read_rows(path, "object_attributes")
    assert [(r["attribute"], r["changed_at"], r["value"]) for r in values] == [
        ("target_group", "1970-01-01T00:00:00Z", "6.2"),
        ("target_group", "2024-03-02T09:00:00Z", "6.1"),
    ]


@form_of_file
def test_only_the_object_types_that_the_contract_names_are_citizens(
    form: str, tmp_path: Path
) -> None:
    path = write_log(tmp_path / f"log.{form}")
    rows, _ = read_rows(path, "objects")
    assert [row["citizen_id"] for row in rows] == [CITIZEN, None, None]
    rows, _ = read_rows(path, "objects", citizen_types=("Application",))
    assert [row["citizen_id"] for row in rows] == [None, "A1", "A2"]


@form_of_file
def test_an_object_has_one_pseudonym_in_every_table_and_nothing_unnamed_enters(
    form: str, town: Town
) -> None:
    path = write_log(town.root / f"log.{form}")
    report = town.load(shipped_contracts()["object_log"], path)
    assert report.rows_rejected == 0
    objects = {row["object_type"]: row for row in town.rows("object_log", "objects")}
    applications = {r["object_id"] for r in town.rows("object_log", "objects")
                    if r["object_type"] == "application"}
    kin = town.rows("object_log", "object_objects")
    assert {r["source_object_id"] for r in kin} == applications
    assert {r["target_object_id"] for r in kin} == {objects["borger"]["object_id"]}
    assert {r["object_id"] for r in town.rows("object_log", "event_objects")} == applications | {
        objects["borger"]["object_id"]
    }
    assert objects["borger"]["citizen_id"] not in {None, objects["borger"]["object_id"]}
    assert {r["object_id"] for r in town.rows("object_log", "object_attributes")} < applications
    lake = str([town.rows("object_log", part) for part in SHIPPED_PARTS])
    for word in ("Kim", "ringede", CITIZEN, CITIZEN.replace("-", ""), "remark", "A1"):
        assert word not in lake


@form_of_file
def test_attributes_that_the_contract_does_not_name_are_counted(form: str, tmp_path: Path) -> None:
    path = write_log(tmp_path / f"log.{form}")
    for part, n_unlisted in (("events", 1), ("object_attributes", 3)):
        table = table_of(part)
        *_, batch = reader_of(table, path.name)(path, table, path.name)
        assert batch.unlisted_columns == n_unlisted


def _add(**record: Any) -> Callable[[list[Any]], None]:
    return lambda listed: listed.append(record)


E4 = {"id": "e4", "type": "decide", "time": "2024-03-05T10:30:00Z"}
A3 = {"id": "A3", "type": "application"}
BEGAN = "1970-01-01T00:00:00Z"
#: change of the log, part, number of the record and the reason of its reject
FAULTS: dict[str, tuple[dict[str, Any], str, list[tuple[int, str]]]] = {
    "an event of an object that is not there": (
        {"events": _add(**E4, relationships=[{"objectId": "A9", "qualifier": "x"}])},
        "event_objects", [(4, "UNKNOWN_OBJECT")],
    ),
    "an object of an object that is not there": (
        {"objects": _add(**A3, relationships=[{"objectId": "A9", "qualifier": "x"}])},
        "object_objects", [(4, "UNKNOWN_OBJECT")],
    ),
    "an event type that is not declared": (
        {"events": _add(**E4 | {"type": "dance"})}, "events", [(4, "UNDECLARED_TYPE")],
    ),
    "an object type that is not declared": (
        {"objects": _add(**A3 | {"type": "dance"})}, "objects", [(4, "UNDECLARED_TYPE")],
    ),
    "a relation of an event whose type is not declared": (
        {"events": _add(**E4 | {"type": "dance"},
                        relationships=[{"objectId": "A1", "qualifier": "x"}])},
        "event_objects", [(4, "UNKNOWN_EVENT")],
    ),
    "two events of one id": (
        {"events": _add(**E4 | {"id": "e3"})}, "events",
        [(3, "DUPLICATE_ID"), (4, "DUPLICATE_ID")],
    ),
    "two objects of one id": (
        {"objects": _add(**A3 | {"id": "A2"})}, "objects",
        [(3, "DUPLICATE_ID"), (4, "DUPLICATE_ID")],
    ),
    "a relation to one of two objects of one id": (
        {"objects": _add(**A3 | {"id": "A2"})}, "event_objects",
        [(2, "UNKNOWN_OBJECT"), (3, "UNKNOWN_OBJECT")],
    ),
    "an attribute that its type does not have": (
        {"objects": _add(**A3, attributes=[
            {"name": "status", "time": BEGAN, "value": "open"}])},
        "object_attributes", [(4, "UNDECLARED_TYPE")],
    ),
    "a word where an integer is declared": (
        {"objectTypes": lambda types: types[1]["attributes"].append(
            {"name": "status", "type": "integer"}),
         "objects": _add(**A3, attributes=[{"name": "status", "time": BEGAN, "value": "open"}])},
        "object_attributes", [(4, "NUMBER_FORMAT")],
    ),
    "a word where a boolean is declared": (
        {"objectTypes": lambda types: types[1]["attributes"].append(
            {"name": "status", "type": "boolean"}),
         "objects": _add(**A3, attributes=[{"name": "status", "time": BEGAN, "value": "maybe"}])},
        "object_attributes", [(4, "BOOLEAN_FORMAT")],
    ),
    "a word where a time is declared": (
        {"objectTypes": lambda types: types[1]["attributes"].append(
            {"name": "status", "type": "time"}),
         "objects": _add(**A3, attributes=[{"name": "status", "time": BEGAN, "value": "noon"}])},
        "object_attributes", [(4, "DATE_FORMAT")],
    ),
}
#: In a database a relation has a row of its own, and an attribute of no column cannot be told.
AS_COUNTED_IN_A_DATABASE = {
    "an event of an object that is not there": [(6, "UNKNOWN_OBJECT")],
    "an object of an object that is not there": [(3, "UNKNOWN_OBJECT")],
    "a relation of an event whose type is not declared": [(6, "UNKNOWN_EVENT")],
    "a relation to one of two objects of one id": [(3, "UNKNOWN_OBJECT"), (5, "UNKNOWN_OBJECT")],
    "an attribute that its type does not have": [],
}


@form_of_file
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_one_record_is_a_reject_with_its_number(
    form: str, fault: str, tmp_path: Path
) -> None:
    change, part, expected = FAULTS[fault]
    if form == "sqlite":
        expected = AS_COUNTED_IN_A_DATABASE.get(fault, expected)
    rows, bad = read_rows(write_log(tmp_path / f"log.{form}", changed(**change)), part)
    assert bad == expected
    # and what is sound is read as it is without the fault
    sound, _ = read_rows(write_log(tmp_path / f"sound.{form}"), part)
    rejected = {number for number, _ in bad}
    assert [row for row in rows if row["source_row"] not in rejected] == [
        row for row in sound if row["source_row"] not in rejected
    ]


@form_of_file
def test_rejects_and_rows_of_a_load_are_all_the_rows_of_the_file(form: str, town: Town) -> None:
    log = changed(
        events=_add(**E4, relationships=[
            {"objectId": "A9", "qualifier": "x"}, {"objectId": "A1", "qualifier": "about"},
        ]),
    )
    contract = shipped_contracts()["object_log"].latest
    generous = contract.model_copy(update={"tables": tuple(
        table.model_copy(update={"max_rejected_percent": 60}) for table in contract.tables
    )})
    report = town.load(generous, write_log(town.root / f"log.{form}", log))
    told = {file.table: file for file in report.files}
    assert (told["event_objects"].rows_in_file, told["event_objects"].rows_loaded,
            told["event_objects"].rows_rejected) == (7, 6, 1)
    [reject] = town.rejects()
    assert (reject["table_name"], reject["reason"]) == ("event_objects", "UNKNOWN_OBJECT")


@form_of_file
def test_a_wrong_time_is_a_reject_of_the_value_and_the_event_stays(form: str, town: Town) -> None:
    log = changed(events=lambda events: events[2].update(time="4 March 2024"))
    report = town.load(shipped_contracts()["object_log"], write_log(town.root / f"l.{form}", log))
    assert report.rows_rejected == 0
    assert [row["occurred_at"] for row in town.rows("object_log", "events")].count(None) == 1
    [reject] = town.rejects()
    assert (reject["reason"], reject["column_name"], reject["row_kept"]) == (
        "DATE_FORMAT", "occurred_at", True,
    )


@form_of_file
def test_a_relation_told_twice_is_an_exact_duplicate(form: str, town: Town) -> None:
    log = changed(events=lambda events: events[1]["relationships"].append(
        {"objectId": "A2", "qualifier": "creates"}))
    report = town.load(shipped_contracts()["object_log"], write_log(town.root / f"l.{form}", log))
    told = {file.table: file for file in report.files}
    assert (told["event_objects"].rows_loaded, told["event_objects"].exact_duplicates) == (5, 1)


@form_of_file
def test_a_packed_log_gives_the_same_rows(form: str, tmp_path: Path) -> None:
    path = write_log(tmp_path / f"log.{form}")
    packed = tmp_path / f"log.{form}.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    for part in SHIPPED_PARTS:
        assert read_rows(packed, part) == read_rows(path, part)


@form_of_file
def test_small_batches_give_the_same_rows(form: str, tmp_path: Path) -> None:
    path = write_log(tmp_path / f"log.{form}")
    for part in SHIPPED_PARTS:
        table = table_of(part)
        reader: Any = reader_of(table, path.name)
        rows = [
            row for batch in reader(path, table, path.name, batch_rows=2)
            for row in batch.values.to_pylist()
        ]
        assert rows == read_rows(path, part)[0]


@form_of_file
def test_a_log_cut_at_any_place_is_refused(form: str, tmp_path: Path) -> None:
    whole = write_log(tmp_path / f"whole.{form}").read_bytes()
    end = len(whole.rstrip())
    # the unused rest of the last page is no loss that a database can know of
    for size in sorted({*range(0, end, max(1, end // 60)), end - 1}):
        path = tmp_path / f"log.{form}"
        path.write_bytes(whole[:size])
        refused = refusal(path, "event_objects")
        assert refused.code in ("EMPTY", "TRUNCATED", "NOT_OCEL"), size
        if size > 40:
            assert refused.code == "TRUNCATED", size


@form_of_file
def test_a_forbidden_attribute_refuses_the_file(form: str, tmp_path: Path) -> None:
    from pm_pipeline.ingest.contract.model import Column

    path = write_log(tmp_path / f"log.{form}")
    for part, header in (("events", "Note"), ("object_attributes", "remark")):
        banned = Column.model_validate(
            {"name": "banned", "header": header, "presence": "forbidden"}
        )
        refused = refusal(path, part, columns=(*table_of(part).columns, banned))
        assert refused.code == "FORBIDDEN_COLUMN"


@form_of_file
def test_a_required_attribute_that_no_type_has_refuses_the_file(form: str, tmp_path: Path) -> None:
    path = write_log(tmp_path / f"log.{form}")
    columns = tuple(
        column.model_copy(update={"presence": "required"}) if column.name == "org_unit_id" else column
        for column in table_of("events").columns
    )
    refused = refusal(path, "events", columns=columns)
    assert refused.code == "HEADER_MISMATCH" and "'org_unit'" in refused.what


NO_LOGS: dict[str, tuple[str, str, str]] = {
    "a JSON list": ("jsonocel", "[1, 2]", "NOT_OCEL"),
    "JSON of another kind": ("jsonocel", '{"rows": []}', "NOT_OCEL"),
    "JSON with a list missing": (
        "jsonocel", json.dumps({k: v for k, v in SMALL.items() if k != "objects"}), "NOT_OCEL",
    ),
    "a list that stands twice": (
        "jsonocel", json.dumps(SMALL)[:-1] + ', "events": []}', "NOT_OCEL",
    ),
    "a web page": ("jsonocel", "<html></html>", "NOT_OCEL"),
    "an empty file": ("jsonocel", " \n", "EMPTY"),
    "broken JSON": ("jsonocel", '{"events": [nope]}', "NOT_OCEL"),
    "deep JSON": ("jsonocel", '{"events": ' + "[" * 90 + "]" * 90 + "}", "TOO_LARGE"),
    "text after the end": ("jsonocel", json.dumps(SMALL) + "{}", "NOT_OCEL"),
    "another kind of XML": ("xmlocel", "<html><body/></html>", "NOT_OCEL"),
    "an event log in XES": ("xmlocel", "<log><trace><event/></trace></log>", "NOT_OCEL"),
    "OCEL 1.0 in XML": ("xmlocel", '<log><global scope="event"/></log>', "NOT_OCEL"),
    "a log without its lists": ("xmlocel", "<log><events/></log>", "NOT_OCEL"),
    "no XML": ("xmlocel", "Id;CPR\n1;2\n", "NOT_OCEL"),
    "an empty XML file": ("xmlocel", "", "EMPTY"),
    "a document type": (
        "xmlocel", '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]><log>&a;</log>',
        "XML_UNSAFE",
    ),
    "deep XML": ("xmlocel", "<log>" + "<events>" * 90 + "</events>" * 90 + "</log>", "XML_UNSAFE"),
    "text for a database": ("sqlite", "Id;CPR\n1;2\n", "NOT_OCEL"),
    "an empty database": ("sqlite", "", "EMPTY"),
}


@pytest.mark.parametrize("kind", NO_LOGS)
def test_what_is_no_log_is_refused_with_its_code(kind: str, tmp_path: Path) -> None:
    form, text, code = NO_LOGS[kind]
    path = tmp_path / f"log.{form}"
    path.write_text(text, encoding="utf-8")
    assert refusal(path).code == code


def test_a_name_that_stands_twice_in_a_json_object_is_a_reject(tmp_path: Path) -> None:
    path = write_log(tmp_path / "log.jsonocel")
    text = path.read_text().replace('"id": "e2",', '"id": "e2", "id": "e7",')
    path.write_text(text.replace('"attributes": [],', '"attributes": 7,'))
    rows, bad = read_rows(path, "events")
    assert [row["event_id"] for row in rows] == ["e1"]
    assert bad == [(2, "DUPLICATE_KEY"), (3, "BAD_RECORD")]
    assert {reason for _, reason in read_rows(path, "event_objects")[1]} == {"UNKNOWN_EVENT"}


def test_bytes_that_are_no_utf8_refuse_a_json_log(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonocel"
    path.write_bytes(json.dumps(SMALL).encode().replace(b"creates", b"cr\xe6ates"))
    assert refusal(path).code == "ENCODING"


@pytest.mark.parametrize("table", [
    "event", "object", "event_object", "object_object", "event_map_type", "event_Apply",
])
def test_a_database_without_one_of_its_tables_is_refused(table: str, tmp_path: Path) -> None:
    path = write_log(tmp_path / "log.sqlite")
    with sqlite3.connect(path) as db:
        db.execute(f"alter table {table} rename to something_else")
    db.close()
    refused = refusal(path)
    assert refused.code == "MISSING_TABLE" and f"'{table.casefold()}'" in refused.what.casefold()


HOSTILE = {
    "a view for a table": (
        "alter table event_object rename to kept;"
        "create view event_object as select * from kept", "MISSING_TABLE",
    ),
    "a virtual table": (
        "drop table event_object;"
        "create virtual table event_object using fts5(ocel_event_id, ocel_object_id, ocel_qualifier)",
        "MISSING_TABLE",
    ),
    "a computed column": (
        "drop table event; create table event (ocel_type text, ocel_id text "
        "generated always as (hex(zeroblob(100000000))) virtual)", "HEADER_MISMATCH",
    ),
    "a missing column": ("alter table event_Apply drop column ocel_time", "HEADER_MISMATCH"),
    "a huge value": ("update event set ocel_id = zeroblob(20000000)", "TOO_LARGE"),
}


@pytest.mark.parametrize("trick", HOSTILE)
def test_a_hostile_database_is_refused_and_nothing_of_it_runs(trick: str, tmp_path: Path) -> None:
    script, code = HOSTILE[trick]
    path = write_log(tmp_path / "log.sqlite")
    with sqlite3.connect(path) as db:
        db.executescript(script)
    db.close()
    before = path.read_bytes()
    assert refusal(path).code == code
    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"log.sqlite"}


def test_triggers_and_other_tables_of_a_database_are_left_alone(tmp_path: Path) -> None:
    path = write_log(tmp_path / "log.sqlite")
    rows = read_rows(path, "events")
    with sqlite3.connect(path) as db:
        db.executescript(
            "create table secrets (cpr text); insert into secrets values ('x');"
            "create trigger t after insert on event begin delete from object; end;"
        )
    db.close()
    assert read_rows(path, "events") == rows


def test_an_event_without_its_row_of_the_type_has_no_time(tmp_path: Path) -> None:
    path = write_log(tmp_path / "log.sqlite")
    with sqlite3.connect(path) as db:
        db.execute("delete from event_Decide")
        db.execute("insert into event_Decide (ocel_id, ocel_time) values ('e9', '2024-01-01')")
    db.close()
    rows, bad = read_rows(path, "events")
    assert [(r["source_row"], r["event_id"], r["occurred_at"]) for r in rows][-1] == (3, "e3", None)
    assert bad == [(0, "UNKNOWN_EVENT")]


def test_no_message_holds_a_value(tmp_path: Path) -> None:
    told = []
    for form, text, _ in NO_LOGS.values():
        path = tmp_path / f"log.{form}"
        path.write_text(text.replace("1", CITIZEN), encoding="utf-8")
        told.append(str(refusal(path)))
    broken = tmp_path / "log.jsonocel"
    broken.write_text(json.dumps(SMALL).replace('"qualifier": "by"', '"qualifier" "by"'))
    told.append(str(refusal(broken)))
    assert not [text for text in told if re.search("710181|Kim|A1", text)]


def test_a_file_of_no_known_ending_is_refused_with_the_endings(town: Town) -> None:
    path = town.file("log.zip", "x")
    with pytest.raises(RefusedError, match=r"UNKNOWN_FILE.*\.jsonocel"):
        town.load(shipped_contracts()["object_log"], path)


@pytest.mark.parametrize(("old", "new", "fault"), [
    ("part: events", "part: wishes", "part:"),
    (", allowed: [target_group, status]", "", "needs 'allowed'"),
    ("part: event_objects", "part: event_objects\n      citizen_types: [x]", "citizen_types:"),
])
def test_a_contract_that_cannot_be_read_is_refused(
    old: str, new: str, fault: str, tmp_path: Path
) -> None:
    from ingest_files import SHIPPED

    from pm_pipeline.errors import PipelineError
    from pm_pipeline.ingest.contract.reading import load_contract

    text = (SHIPPED / "object_log" / "defs.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "defs.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PipelineError, match=fault):
        load_contract(path)


def test_every_part_has_fields_of_its_own() -> None:
    assert set(SHIPPED_PARTS) < set(OCEL_PARTS)
