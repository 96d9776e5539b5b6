"""The planted canaries in every format: delivered sound and damaged, and nowhere behind the door."""

import fcntl
import gzip
import logging
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import test_ingest_insight as insight
from format_files import CPR, DIGITS, NAME, NOTE, STAFF, contract
from ingest_files import Town, shipped_contracts
from ocel_files import FORMS, changed, write_log
from rich.console import Console
from test_ingest_same_rows import FORMATS, agreed, table_of

from pm_pipeline.console.validation import show_validation, validation_as_json
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.landing.deliveries import register_delivery
from pm_pipeline.ingest.loading.all_deliveries import load_deliveries
from pm_pipeline.ingest.loading.trial_folder import trial_folder
from pm_pipeline.ingest.loading.validation import validate_files

MAIL, CASE = "canarina.fugl@eksempel.invalid", "S90-KANARI-77"
CANARIES = tuple(
    word.encode() for word in (CPR, DIGITS, NAME, STAFF, NOTE, MAIL, CASE, "kanarie", "Canarina")
)
Made = tuple[SystemContract, str, bytes]


def small(format_: str, root: Path) -> Made:
    """The small table: canaries where they belong, and where they do not."""
    name, write = FORMATS[format_]
    rows = [list(row) for row in table_of(60)]
    rows[5][0], rows[6][2], rows[9][2] = CASE, f"{NAME} {CPR}", f"Skriv til {MAIL}"
    if format_ != "database":  # a database and its copy are read as they are typed
        rows[7][3], rows[8][6] = NAME, CPR
    return SystemContract((agreed(root, format_),)), name, write(rows, root)


def insight_file(root: Path) -> Made:
    row = {**insight.ROW, "Tekst1": CASE, "Tekst3": NAME}
    odd = {**row, "Tekst1": "a2", "Tekst2": f"Ring til {CPR}", "Dato1": NAME, "Numerisk1": MAIL}
    content = insight.file(insight.line(**row), *[insight.line(**odd)])
    return (
        SystemContract((contract(root, "insight_csv", insight.TIMES),)), "events_1.csv",
        content.encode(),
    )


def xes_file(_: Path) -> Made:
    event = (
        '<event><string key="concept:name" value="{}"/><string key="org:resource" value="{}"/>'
        '<string key="note" value="{}"/><date key="time:timestamp" value="{}"/></event>'
    )
    traces = "\n".join(
        f'<trace><string key="concept:name" value="{case}"/><string key="citizen" value="{CPR}"/>'
        f'<string key="name" value="{NAME}"/>'
        + event.format("Samtale", STAFF, NOTE, "2024-03-01T10:00:00+01:00")
        + event.format(activity, NAME, MAIL, time) + "</trace>"
        for case, activity, time in (
            (CASE, "Plan", "2024-03-02T10:00:00Z"), (NAME, f"Ring til {CPR}", "2024-03-02T10:00:00Z"),
            *((f"{CASE}-{n}", "Plan", "2024-03-02T10:00:00Z") for n in range(20)),
            (CPR, "Plan", NAME),
        )
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n{traces}\n</log>\n'
    return shipped_contracts()["event_log"], "forloeb.xes.gz", gzip.compress(text.encode())


def object_log(form: str, root: Path) -> Made:
    def events(found: list[dict[str, object]]) -> None:
        found[0]["attributes"] = [
            {"name": "resource", "value": STAFF}, {"name": "note", "value": f"{NOTE} {MAIL}"},
        ]

    def objects(found: list[dict[str, object]]) -> None:
        found.append({"id": CPR, "type": "borger", "attributes": [], "relationships": []})
        found.append({"id": CASE, "type": "application", "relationships": [], "attributes": [
            {"name": "remark", "time": "1970-01-01T00:00:00Z", "value": f"{NAME} {CPR}"},
            {"name": "target_group", "time": "1970-01-01T00:00:00Z", "value": f"{NAME} {CPR}"},
        ]})
        found += [{"id": f"{CASE}-{n}", "type": "application", "relationships": [], "attributes": [
            {"name": "target_group", "time": "1970-01-01T00:00:00Z", "value": "6.1"},
        ]} for n in range(40)]

    path = write_log(root / f"log.{form}", changed(events=events, objects=objects))
    return shipped_contracts()["object_log"], path.name, path.read_bytes()


MAKERS: dict[str, Callable[[Path], Made]] = {
    **{name: (lambda root, name=name: small(name, root)) for name in FORMATS},
    "insight_csv": insight_file, "xes": xes_file,
    **{form: (lambda root, form=form: object_log(form, root)) for form in FORMS},
}


def damaged(content: bytes) -> Iterator[bytes]:
    """The file, and the file as it may arrive: cut, with a name at its end, with bytes lost."""
    yield content
    yield content[: len(content) * 2 // 3]
    yield content + f"\n{NAME};{CPR}".encode()
    lost = bytearray(content)
    for place in random.Random(7).sample(range(len(content)), 5):
        lost[place] = 0x22
    yield bytes(lost)


def behind_the_door(town: Town) -> bytes:
    """Everything written but the deliveries: as bytes, and what is packed in Parquet as text."""
    parts = []
    for path in sorted((town.root / "work").rglob("*")):
        parts.append(path.name.encode())
        if path.is_file():
            parts.append(path.read_bytes())
            if path.suffix == ".parquet":
                parts.append(str(pq.read_table(path).to_pylist()).encode())
    return b"\n".join(parts)


@pytest.mark.parametrize("format_", list(MAKERS))
def test_no_planted_value_leaves_landing_in_any_format_sound_or_damaged(
    town: Town, format_: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    temporary = town.root / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    system, name, content = MAKERS[format_](town.root)
    screen = Console(record=True, width=200, quiet=True)
    told, deliveries = [], []
    for day, variant in enumerate(damaged(content), start=1):
        file = town.file(f"delivered/{name}", variant)
        report = validate_files(system, [file], delivered_on=date(2026, 1, day))
        told += [validation_as_json(report), repr(report)]
        show_validation(screen, report)
        deliveries.append(register_delivery(
            town.landing, town.municipality_id, system.at(date(2026, 1, day)), date(2026, 1, day),
            [file],
        ))
    loads = load_deliveries(deliveries, system, town.lake, town.keys)
    assert loads.reports and loads.refused, "something was loaded, and something refused"
    assert list((town.lake / "refusals").glob("*.json"))
    told += [repr(loads), screen.export_text(), caplog.text]
    searched = behind_the_door(town) + "\n".join(told).encode()
    assert [canary for canary in CANARIES if canary in searched] == []
    assert list(temporary.iterdir()) == []
    if format_ not in ("xlsx", "parquet", "database", "xes"):  # packed
        landed = b"".join(path.read_bytes() for path in town.landing.rglob(name))
        assert {CPR.encode(), NAME.encode()} <= {word for word in CANARIES if word in landed}


def test_what_a_killed_validation_left_is_removed_by_the_next_one_and_a_running_one_is_not(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(town.root))
    killed, running, young = (town.root / f"pm-validate-{name}" for name in "abc")
    for folder in (killed, running, young):
        folder.mkdir()
        (folder / "events.parquet").write_bytes(b"rows")
    for folder in (killed, running):
        os.utime(folder, (0, 0))
    held = os.open(running, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with trial_folder() as mine:
        assert mine.stat().st_mode & 0o777 == 0o700
        assert not killed.exists() and running.exists() and young.exists()
    os.close(held)
    assert not mine.exists()
