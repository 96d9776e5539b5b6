"""The quick and the exact reader of event logs: whatever is in a file, both must say the same."""

import random
from pathlib import Path
from typing import Any

import pytest
from ingest_files import shipped_contracts

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.xes import log as xes
from pm_pipeline.ingest.readers.xes.keys import AttributePlaces
from pm_pipeline.ingest.readers.xes.plain import PlainTraces, scan_traces
from pm_pipeline.ingest.rejects.reasons import RefusedError
from tests.real_logs import LOGS

Told = tuple[list[dict[str, Any]], list[dict[str, Any]], int] | str
PLAIN = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="DEFAULT"/></global>
  <classifier name="Activity" keys="concept:name"/>
  <trace>
    <string key="concept:name" value="sag 1"/>
    <string key="target_group" value="6.1"/>
    <event>
      <string key="concept:name" value="Første samtale &amp; plan"/>
      <date key="time:timestamp" value="2024-03-01T10:00:00.123+01:00"/>
      <string key="org:group" value="Vest"/>
      <int key="cost" value="12"/>
    </event>
    <event>
      <string key="concept:name" value="Plan &quot;A&quot; -> B"/>
      <date key="time:timestamp" value="2024-03-02T10:00:00Z"/>
      <boolean key="done" value="true"/>
      <float key="hours" value="1.5"/><id key="ref" value="r1"/>
    </event>
  </trace>
  <trace>
    <event>
      <date key="time:timestamp" value="2024-03-03T10:00:00"/>
      <string key="concept:name" value="Afslag" />
    </event>
    <string key="concept:name" value="sag 2"/>
  </trace>
  <trace><string key="concept:name" value="sag 3"/><event>
    <string key="concept:name" value="Slut"/></event></trace>
</log>
"""
PIECES = [
    "<", ">", "/", '"', "'", "&", ";", "=", " ", "\n", "\r\n", "\r", "\t", "\x01", "é", "\ufffe",
    "\ufeff",
    "&#230;", "&#0;", "&unknown;", "&lt;", "]]>", "<![CDATA[", "<!--", "-->", "<!-- <trace> -->",
    "<?pi ", "?>", "text", "<event>", "</event>", "<event/>", "<trace>", "</trace>", "<trace/>",
    "</log>", "<log>", "<!DOCTYPE log>", ' key="b"', ' value="c"', "</string>",
    '<string key="concept:name" value="again"/>', '<string key="concept:name" value="Slut"/>',
    '<string key="concept:name" value="xes:trace"/>', "<string key='org:group' value='Syd'/>",
    '<string value="Syd" key="org:group"/>', '<string key="org:group"/>',
    '<string  key="a" value="b"/>', '<string key="org:group" value="Øst"></string>',
    '<x:string key="org:group" value="n"/>', '<strong key="org:group" value="x"/>',
    '<string key="a" value="b"><string key="org:group" value="inner"/></string>',
    '<list key="org:group"><values><string key="org:group" value="x"/></values></list>',
    '<container key="c"><string key="concept:name" value="x"/></container>',
    "<trace ><event></event></trace>",
]


def table() -> Table:
    return shipped_contracts()["event_log"].tables[0]


def told(path: Path, events: Table) -> Told:
    """What a reader says of a file: rows, rejects and unknown attributes, or its refusal."""
    try:
        batches = list(xes.read_xes(path, events))
    except RefusedError as refused:
        return str(refused)
    rows = [row for batch in batches for row in batch.values.to_pylist()]
    rejects = [row for batch in batches for row in batch.rejects.to_pylist()]
    return rows, rejects, batches[-1].unlisted_columns


def never_plain(_: bytes, __: AttributePlaces) -> PlainTraces | None:
    return None


def mutated(chance: random.Random) -> str:
    """The plain log with one to three of its places changed."""
    text = PLAIN
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text))
        if chance.random() < 0.5:  # where it matters most: at the borders of tags and values
            at = chance.choice([i for i, sign in enumerate(text) if sign in '<>"'])
            at += chance.randint(0, 1)
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:at] + text[at + chance.randint(1, 12):]
        elif kind == 1:
            text = text[:at] + text[at:at + chance.randint(1, 60)] + text[at:]
        else:
            text = text[:at] + chance.choice(PIECES) + text[at:]
    return text


@pytest.mark.parametrize("chunk", [4 * 1024 * 1024, 331])
@pytest.mark.parametrize("seed", range(4))
def test_both_ways_of_reading_agree_on_a_log_with_anything_in_it(
    seed: int, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    events, path = table(), tmp_path / "log.xes"
    monkeypatch.setattr(xes, "_CHUNK", chunk)
    scanned = []

    def counting(piece: bytes, places: AttributePlaces) -> PlainTraces | None:
        scanned.append(scan_traces(piece, places))
        return scanned[-1]

    loaded = 0
    for _ in range(250):
        encoding = chance.choice(["utf-8", "utf-8", "iso-8859-1", "utf-16"])
        text = mutated(chance).replace("UTF-8", encoding)
        path.write_bytes(text.encode(encoding, errors="replace"))
        monkeypatch.setattr(xes, "scan_traces", counting)
        quick = told(path, events)
        monkeypatch.setattr(xes, "scan_traces", never_plain)
        exact = told(path, events)
        assert quick == exact, text
        loaded += not isinstance(exact, str)
    # the comparison says something only if both kinds of file and both ways of reading came up
    assert 20 < loaded < 240
    assert any(one is None for one in scanned) and any(one is not None for one in scanned)


def test_a_log_as_tools_write_it_is_read_the_quick_way(tmp_path: Path) -> None:
    places = AttributePlaces(table())
    body = PLAIN[PLAIN.index("<trace>"):PLAIN.index("</log>")].rstrip().encode()
    traces = scan_traces(body, places)
    assert traces is not None
    assert len(traces.lines) == 4


@pytest.mark.skipif(not LOGS.is_dir(), reason=f"no real event logs at {LOGS} (set PM_TEST_LOGS)")
@pytest.mark.parametrize("name", [
    "sepsis/Sepsis.xes.gz", "receipt/Receipt.xes.gz", "bpic13/BPIC13_closed_problems.xes.gz",
    "running_example/running-example.xes",
])
def test_both_ways_of_reading_agree_on_real_logs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    events = table()
    quick = told(LOGS / name, events)
    monkeypatch.setattr(xes, "scan_traces", never_plain)
    assert quick == told(LOGS / name, events)
