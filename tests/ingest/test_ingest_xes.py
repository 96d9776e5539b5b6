"""Event logs in XES: real ones, odd ones and hostile ones."""

import gzip
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ingest_files import Town, shipped_contracts

from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.readers.csv.files import read_csv
from pm_pipeline.ingest.readers.xes.log import read_xes
from pm_pipeline.ingest.rejects.reasons import RefusedError
from pm_pipeline.ingest.values.typist import Typist
from tests.real_logs import LOGS

needs_logs = pytest.mark.skipif(
    not LOGS.is_dir(), reason=f"no real event logs at {LOGS} (set PM_TEST_LOGS)"
)
EVENT = (
    '<event><string key="concept:name" value="{0}"/>'
    '<date key="time:timestamp" value="2024-03-0{1}T10:00:00+01:00"/></event>'
)
CASE = '<string key="concept:name" value="{0}"/>'


def events_table() -> Table:
    return shipped_contracts()["event_log"].tables[0]


def log(*traces: str) -> str:
    body = "\n".join(f"<trace>{trace}</trace>" for trace in traces)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n{body}\n</log>\n'


def read(folder: Path, content: str | bytes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    path = folder / "log.xes"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    batches = list(read_xes(path, events_table()))
    rows = [row for batch in batches for row in batch.values.to_pylist()]
    return rows, [row for batch in batches for row in batch.rejects.to_pylist()]


@needs_logs
def test_the_receipt_log_gives_the_same_rows_from_xes_and_from_csv() -> None:
    table, found = events_table(), []
    for reader, name in ((read_xes, "Receipt.xes.gz"), (read_csv, "receipt.csv.gz")):
        with Typist(table, "Europe/Copenhagen") as typist:
            batches = [
                typist.type_batch(batch.values, name)
                for batch in reader(LOGS / "receipt" / name, table)
            ]
        rows = [row for batch in batches for row in batch.rows.to_pylist()]
        assert sum(batch.findings.num_rows for batch in batches) == 0
        assert len(rows) == 8577
        assert len({row["case_id"] for row in rows}) == 1434
        found.append([{k: v for k, v in row.items() if k != "source_row"} for row in rows])
    assert found[0] == found[1]


EDGES = {
    "L1_1trace_1event": 1, "L1_1trace_complete_events_only": 11, "L1_1trace_empty_trace": 1,
    "L1_1trace_start_complete_events_non_overlapping": 22,
    "L1_activities with start or complete events only": 23,
    "L1_complete_events_only_with_resources": 23,
    "L1_complete_events_only_with_resources_missing_timestamps": 23, "L1_empty_log": 0,
    "L1_no_lifecycle_transition": 23, "L1_start_complete_no_overlapping": 46,
    "L1_start_complete_no_overlapping_1-event-task": 4,
    "L1_start_complete_no_overlapping_missing_timestamp": 46,
    "L1_start_complete_no_overlapping_with_resources": 46, "L1_start_complete_overlapping": 49,
    "L2_mixed_lifecycle_no_overlapping": 14,
}


@needs_logs
@pytest.mark.parametrize(("name", "n_events"), EDGES.items())
def test_odd_logs_give_all_their_events_with_the_line_of_each(name: str, n_events: int) -> None:
    path = LOGS / "xes_edge" / f"{name}.xes"
    rows = [row for b in read_xes(path, events_table()) for row in b.values.to_pylist()]
    assert len(rows) == n_events
    lines = path.read_text(encoding="utf-8").splitlines()
    begins = "<trace>" if "empty_trace" in name else "<event>"
    assert all(begins in lines[row["source_row"] - 1] for row in rows)
    missing = sum(row["occurred_at"] is None for row in rows)
    assert missing == ("missing" in name or "empty_trace" in name)


@needs_logs
def test_an_event_without_a_time_is_loaded_as_a_row_without_one(town: Town) -> None:
    contract = shipped_contracts()["event_log"]
    name = "L1_complete_events_only_with_resources_missing_timestamps.xes"
    report = town.load(contract, LOGS / "xes_edge" / name)
    assert (report.rows_in_file, report.rows_loaded, report.rows_rejected) == (23, 23, 0)
    assert sum(row["occurred_at"] is None for row in town.rows("event_log", "events")) == 1


def test_a_log_that_is_whole_and_empty_is_a_delivery_of_no_cases(town: Town) -> None:
    empty = town.file("empty.xes", log().replace("<trace></trace>", ""))
    report = town.load(shipped_contracts()["event_log"], empty)
    assert (report.rows_in_file, report.rows_loaded, report.rows_rejected) == (0, 0, 0)
    assert town.rows("event_log", "events") == []


def test_a_csv_without_rows_stays_a_failed_export(town: Town) -> None:
    header = town.file("empty.csv", "case:concept:name,concept:name,time:timestamp\n")
    with pytest.raises(RefusedError, match="no row in any table"):
        town.load(shipped_contracts()["event_log"], header)


def test_a_trace_without_events_is_a_row_that_says_so(tmp_path: Path) -> None:
    rows, rejects = read(tmp_path, log(
        CASE.format("1") + '<string key="target_group" value="6.1"/>',
        CASE.format("2") + EVENT.format("A", 1), "", CASE.format("3"),
    ))
    assert [(r["case_id"], r["target_group"], r["activity"], r["source_row"]) for r in rows] == [
        ("1", "6.1", "xes:trace", 3), ("2", None, "A", 4),
        ("xes:trace at line 5", None, "xes:trace", 5), ("3", None, "xes:trace", 6),
    ]
    assert rejects == []


@pytest.mark.parametrize("odd", ["", "<!-- odd -->"])
def test_events_that_share_a_line_keep_their_order_and_are_told_apart(
    tmp_path: Path, odd: str
) -> None:
    """A log without line breaks: equal moments keep the order of the file by these numbers alone."""
    text = "".join(
        log(odd + CASE.format("1") + EVENT.format("B", 1) + EVENT.format("A", 1), "", "")
        .split("\n")
    )
    rows, _ = read(tmp_path, text)
    assert [row["activity"] for row in rows] == ["B", "A", "xes:trace", "xes:trace"]
    assert [row["source_row"] for row in rows] == [1, 2, 3, 4]
    assert rows[2]["case_id"] != rows[3]["case_id"]


def test_traces_of_one_name_keep_their_events_and_are_one_case(tmp_path: Path) -> None:
    trace = CASE.format("1") + EVENT.format("A", 1)
    rows, _ = read(tmp_path, log(trace, CASE.format("2") + EVENT.format("B", 2), trace))
    assert [(r["case_id"], r["activity"]) for r in rows] == [("1", "A"), ("2", "B"), ("1", "A")]


def test_events_without_a_case_are_rejected_with_their_lines(town: Town) -> None:
    nameless = "\n" + EVENT.format("A", 1) + "\n"
    many = [CASE.format(n) + EVENT.format("B", 2) for n in range(60)]
    text = log(nameless, *many).replace("</log>", EVENT.format("C", 3) + "\n</log>")
    report = town.load(shipped_contracts()["event_log"], town.file("log.xes", text))
    assert (report.rows_in_file, report.rows_loaded) == (62, 60)
    found = [(r["source_row"], r["column_name"], r["reason"]) for r in town.rejects()]
    assert found == [(4, "case_id", "MISSING_VALUE"), (66, "case_id", "MISSING_VALUE")]


def test_defaults_of_a_log_fill_no_missing_value(tmp_path: Path) -> None:
    defaults = (
        '<global scope="trace"><string key="concept:name" value="__INVALID__"/></global>'
        '<global scope="event"><string key="org:group" value="nobody"/>'
        '<string key="lifecycle:transition" value="complete"/></global>'
        '<classifier name="Both" keys="concept:name org:group"/>'
    )
    text = log(CASE.format("1") + EVENT.format("A", 1)).replace("<trace>", defaults + "<trace>")
    rows, _ = read(tmp_path, text)
    assert [(r["activity"], r["org_unit_id"], r["lifecycle"]) for r in rows] == [("A", None, None)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_log_is_read_in_the_encoding_that_it_declares(encoding: str, tmp_path: Path) -> None:
    text = log(CASE.format("sag æ") + EVENT.format("Afgørelse &#230; &lt;&amp;&gt; &quot;", 1))
    declared = text.replace("UTF-8", encoding.removesuffix("-sig"))
    rows, _ = read(tmp_path, declared.encode(encoding))
    assert [(r["case_id"], r["activity"]) for r in rows] == [("sag æ", 'Afgørelse æ <&> "')]


def test_an_encoding_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="line 1: ENCODING"):
        read(tmp_path, WHOLE.replace("UTF-8", "klingon-1"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(end: str, tmp_path: Path) -> None:
    traces = [CASE.format(n) + EVENT.format("A", 1) for n in range(3)]
    rows, _ = read(tmp_path, log(*traces).replace("\n", end).encode())
    assert [row["source_row"] for row in rows] == [3, 4, 5]


@pytest.mark.parametrize(("written", "utc"), [
    ("2024-03-01T10:00:00+01:00", "2024-03-01 09:00:00"),
    ("2024-03-01T10:00:00.250Z", "2024-03-01 10:00:00.250"),
    ("2024-03-01T10:00:00", "2024-03-01 09:00:00"),
    ("2024-07-01T10:00:00.123456-02:30", "2024-07-01 12:30:00.123456"),
])
def test_a_time_is_an_instant_with_or_without_an_offset(
    written: str, utc: str, tmp_path: Path
) -> None:
    event = EVENT.format("A", 1).replace("2024-03-01T10:00:00+01:00", written)
    path = tmp_path / "log.xes"
    path.write_text(log(CASE.format("1") + event), encoding="utf-8")
    with Typist(events_table(), "Europe/Copenhagen") as typist:
        (batch,) = read_xes(path, events_table())
        (row,) = typist.type_batch(batch.values, "log.xes").rows.to_pylist()
    assert row["occurred_at"] == datetime.fromisoformat(utc)


def test_an_attribute_that_may_not_be_delivered_refuses_the_log(tmp_path: Path) -> None:
    table = events_table()
    gender = {"name": "gender", "header": "case:gender", "presence": "forbidden"}
    forbidden = Column.model_validate(gender)
    strict = table.model_copy(update={"columns": (*table.columns, forbidden)})
    path = tmp_path / "log.xes"
    path.write_text(
        log(CASE.format("1") + '<boolean key="gender" value="true"/>' + EVENT.format("A", 1)), "utf-8"
    )
    with pytest.raises(RefusedError, match="FORBIDDEN_COLUMN"):
        list(read_xes(path, strict))


def test_prefixes_nested_attributes_and_late_trace_attributes_are_read(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0"?><x:log xmlns:x="http://www.xes-standard.org/">'
        '<x:global scope="event"><x:string key="concept:name" value="UNKNOWN"/></x:global>'
        '<x:trace><x:event><x:string key="concept:name" value="A">'
        '<x:string key="concept:name" value="inner"/></x:string>'
        '<x:list key="org:group"><x:string key="org:group" value="inner"/></x:list>'
        '<x:date key="time:timestamp" value="2024-03-01T10:00:00Z"/></x:event>'
        '<x:string key="concept:name" value="case 1"/></x:trace></x:log>'
    )
    rows, _ = read(tmp_path, text)
    assert [(r["case_id"], r["activity"], r["org_unit_id"]) for r in rows] == [
        ("case 1", "A", None)
    ]


def test_traces_do_not_lend_their_attributes_to_each_other(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, log(
        CASE.format("1") + '<string key="citizen" value="c1"/>' + EVENT.format("A", 1),
        CASE.format("2") + EVENT.format("B", 2),
    ))
    assert [(r["case_id"], r["citizen_id"]) for r in rows] == [("1", "c1"), ("2", None)]


def test_an_attribute_with_two_values_rejects_the_event(tmp_path: Path) -> None:
    twice = EVENT.format("A", 1).replace("<date", '<string key="concept:name" value="B"/><date')
    rows, rejects = read(tmp_path, log(CASE.format("1") + twice + EVENT.format("C", 2)))
    assert [row["activity"] for row in rows] == ["C"]
    assert [r["reason"] for r in rejects] == ["DUPLICATE_KEY"]


WHOLE = log(CASE.format("1") + EVENT.format("A", 1), CASE.format("2") + EVENT.format("B", 2))
LAUGHS = '<!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
SECRET = '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(("content", "code", "words"), [
    (WHOLE.replace("<log", LAUGHS + "<log"), "XML_UNSAFE", ["line 2"]),
    (WHOLE.replace("<log", SECRET + "<log"), "XML_UNSAFE", ["DOCTYPE"]),
    (WHOLE[:-30], "TRUNCATED", ["line 4"]),
    (WHOLE.replace("</trace>", "</wrong>"), "NOT_XES", ["line 3"]),
    ("Id;CPR\n1;2\n", "NOT_XES", ["line 1"]),
    ("<html><body/></html>", "NOT_XES", ["'log'"]),
    ("", "EMPTY", []),
    (gzip.compress(WHOLE.encode())[:-12], "TRUNCATED", ["gzip"]),
    (WHOLE.replace("time:timestamp", "time:timestamps"), "HEADER_MISMATCH",
     ["'time:timestamps' may be 'time:timestamp'"]),
    ("<log>" + "<list>" * 400 + "</list>" * 400 + "</log>", "XML_UNSAFE", ["nested"]),
])
def test_a_log_that_cannot_be_trusted_is_refused_as_a_whole(
    tmp_path: Path, content: str | bytes, code: str, words: list[str]
) -> None:
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, content)
    assert caught.value.code == code
    for word in words:
        assert word in str(caught.value)


def test_events_come_in_batches_that_lose_none(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(log(*[
        CASE.format(n) + EVENT.format("A", 1) + EVENT.format("B", 2) for n in range(500)
    ]), encoding="utf-8")
    sizes = [batch.n_records for batch in read_xes(path, events_table(), batch_rows=64)]
    assert sum(sizes) == 1000 and max(sizes) <= 64
