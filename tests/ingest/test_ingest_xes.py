"""Event logs in XES: real ones, odd ones and hostile ones."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from ingest_files import LOGS, Town, shipped_contracts

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.csv_files import read_csv
from pm_pipeline.ingest.readers.xes import read_xes
from pm_pipeline.ingest.rejects.reasons import RefusedError
from pm_pipeline.ingest.values.typist import Typist

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
    "L1_1trace_1event": 1, "L1_1trace_complete_events_only": 11, "L1_1trace_empty_trace": 0,
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
    assert all("<event>" in lines[row["source_row"] - 1] for row in rows)
    missing = sum(row["occurred_at"] is None for row in rows)
    assert missing == ("missing" in name)


@needs_logs
def test_an_event_without_a_time_is_loaded_as_a_row_without_one(town: Town) -> None:
    contract = shipped_contracts()["event_log"]
    name = "L1_complete_events_only_with_resources_missing_timestamps.xes"
    report = town.load(contract, LOGS / "xes_edge" / name)
    assert (report.rows_in_file, report.rows_loaded, report.rows_rejected) == (23, 23, 0)
    assert sum(row["occurred_at"] is None for row in town.rows("event_log", "events")) == 1


@needs_logs
@pytest.mark.parametrize("name", ["L1_empty_log.xes", "L1_1trace_empty_trace.xes"])
def test_a_log_without_events_is_read_but_no_delivery(town: Town, name: str) -> None:
    with pytest.raises(RefusedError, match="no row in any table"):
        town.load(shipped_contracts()["event_log"], LOGS / "xes_edge" / name)
    assert town.lake_files() == set()


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
