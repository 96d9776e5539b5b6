"""Faults that carry a person: somebody wrote a number, a name or an address where a code belongs.

A number or an address is known for what it is and stays at the door. A name is known by nobody: as a
code it lies in the lake and the warehouse, which are restricted, and it must be nowhere else.
"""

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from pm_pipeline.quality.judging.results import Outcome, read_results
from pm_pipeline.synthetic import generate_planned
from tests.road.planted_values import columns_of, files_of, packed_in, planted
from tests.road.the_road import Call, Place, Town, planned_demo, town_of, truth_of

pytestmark = pytest.mark.slow

MUNICIPALITY = "903"
DELIVERED_ON = date(2026, 11, 20)
#: Where a code may lie, whatever it says.
RESTRICTED = ("lake", "warehouse.duckdb")
N_NAMES = 24


@dataclass(frozen=True)
class Spoilt:
    """The town after a delivery whose faults carry persons, with all that was said of it."""

    place: Place
    calls: dict[str, Call]


def _faults() -> Iterator[dict[str, str]]:
    """What differs from an ordinary row, one row per place where a person can stand."""
    canaries = truth_of(MUNICIPALITY).canaries
    cpr, name, email = canaries.cprs[3], canaries.names[3], canaries.emails[3]
    dashed = f"{cpr[:6]}-{cpr[6:]}"
    for number in (cpr, dashed):
        yield {"Hændelse": f"Jobsamtale {number}"}
        yield {"Hændelse": number}
        yield {"Målgruppe": number}
        yield {"Enhed": f"Team {number}"}
        yield {"Form": number}
        yield {"A-kasse": number}
        yield {"Ansvarlig": number}
        yield {"Sagsnr": number}
        yield {"Løbenr": number}
        yield {"Sagsbehandler": number}
        yield {"Hændelsesdato": number}
        yield {"Klokkeslæt": number}
    for place in ("Hændelse", "Enhed", "Målgruppe", "Sagsnr", "Løbenr", "Sagsbehandler", "CPR-nr"):
        yield {place: email}
    for place in ("Enhed", "Målgruppe", "Form", "A-kasse", "Ansvarlig", "Sagsnr", "Sagsbehandler",
                  "Hændelsesdato", "CPR-nr"):
        yield {place: name}
    for name in canaries.names[:N_NAMES]:
        yield {"Hændelse": f"Jobsamtale med {name}"}
    for name in canaries.names[:2]:
        for _ in range(6):
            yield {"Hændelse": name}


def _spoilt(told: Path, folder: Path) -> Path:
    """The rows of a delivery once more, and for each fault a row of its own."""
    content = io.StringIO(told.read_bytes().decode("cp1252"), newline="")
    header, *rows = csv.reader(content, delimiter=";")
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    likes = [row for row in rows if row[header.index("Hændelse")] == "Jobsamtale"]
    for number, fault in enumerate(_faults()):
        row = dict(zip(header, likes[number % len(likes)], strict=True))
        writer.writerow((row | {"Løbenr": str(900_000 + number)} | fault).values())
    export = folder / "fasit_haendelser_20261120.csv"
    export.write_text(text.getvalue(), "cp1252", newline="")
    return export


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Spoilt:
    """One municipality of the demo that never had another delivery than these three."""
    folder = tmp_path_factory.mktemp("personal_faults")
    place = Place(folder / "data", folder / "keys")
    place.data_dir.mkdir()
    export = folder / "export"
    truth = generate_planned(planned_demo()[MUNICIPALITY], export)
    files = {day: next((export / day.isoformat()).iterdir()) for day in truth.delivered_on}
    files[DELIVERED_ON] = _spoilt(files[truth.delivered_on[0]], folder)
    calls = {
        f"deliver {day}": place.call(
            "deliver", "-m", MUNICIPALITY, "-s", "fasit", "--delivered-on", day.isoformat(), file)
        for day, file in files.items()
    }
    assert {call.exit_code for call in calls.values()} == {0}, calls
    named = Path(shutil.copy(files[DELIVERED_ON], folder / f"fasit_{truth.canaries.cprs[3]}.csv"))
    calls["named"] = place.call("deliver", "-m", MUNICIPALITY, "-s", "fasit", "--delivered-on",
                                DELIVERED_ON.isoformat(), named)
    calls["run"] = place.call("run", "-m", MUNICIPALITY)
    calls["status"] = place.call("status")
    calls["rejects"] = place.call("rejects", "list", "-m", MUNICIPALITY)
    calls["deliveries"] = place.call("deliveries", "list", "-m", MUNICIPALITY)
    return Spoilt(place, calls)


@pytest.fixture(scope="module")
def town(spoilt: Spoilt) -> Iterator[Town]:
    with town_of(spoilt.place, MUNICIPALITY) as found:
        yield found


def _may_hold_codes(place: Place, path: Path) -> bool:
    work = place.work(MUNICIPALITY)
    return path.is_relative_to(work) and path.relative_to(work).parts[0] in RESTRICTED


def test_the_faults_came_in_and_were_judged(spoilt: Spoilt, town: Town) -> None:
    # a number in the name of a file: refused
    assert spoilt.calls["named"].exit_code == 1, spoilt.calls["named"].output
    assert spoilt.calls["run"].exit_code == 0, spoilt.calls["run"].output
    reasons = dict(town.ask(
        "select reason, count(*) from core.rejected_rows"
        " where source_file = 'fasit_haendelser_20261120.csv' group by all"))
    assert reasons["PERSONAL_DATA"] >= 14
    [(codes,)] = town.ask("select count(*) from core.unmapped_codes where n_rows between 1 and 6")
    assert codes > N_NAMES
    results = read_results(spoilt.place.work(MUNICIPALITY) / "quality" / "rule_results.parquet")
    assert Outcome.FAIL in {result.outcome for result in results}


def test_a_number_or_an_address_is_in_no_file_and_a_name_in_restricted_ones_only(
    spoilt: Spoilt,
) -> None:
    leaks, restricted = {}, set()
    for path in files_of(spoilt.place):
        name = path.relative_to(spoilt.place.data_dir).as_posix()
        contents = [path.read_bytes(), *(text.encode() for _, text in columns_of(path))]
        contents += packed_in(path) if path.suffix == ".db" else []
        found = {kind for content in contents for kind in planted().found_in(content)}
        if _may_hold_codes(spoilt.place, path):
            restricted |= found
            assert not any(b"eksempel.invalid" in content for content in contents), name
            found -= {"a word"}
        if found:
            leaks[name] = sorted(found)
    assert leaks == {}
    # the search would have found a name, had it been anywhere else
    assert restricted == {"a word"}


def test_nothing_of_a_person_is_said_or_told_to_the_sender(spoilt: Spoilt) -> None:
    for name, call in spoilt.calls.items():
        assert planted().found_in(call.output.encode()) == [], name


def test_a_code_that_carries_a_number_never_becomes_an_unmapped_code(town: Town) -> None:
    assert town.ask(
        "select count(*) from core.unmapped_codes"
        " where regexp_matches(source_code, '[0-9]{6}[- ]?[0-9]{4}')") == [(0,)]
