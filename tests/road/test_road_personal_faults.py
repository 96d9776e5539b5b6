"""Faults that carry a person: somebody wrote a number, a name or an address where a code belongs.

A CPR number, an address, and what is written as a telephone number are known for what they are and
stay at the door. A name, or eight digits that may be a unit's, are known by nobody: as a code they lie
in the lake and the warehouse, which are restricted, and must be nowhere else.
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
from tests.road.planted_phones import BARE_PHONES, PHONES, phones_in
from tests.road.planted_values import columns_of, files_of, packed_in, planted
from tests.road.the_road import Call, Place, Town, planned_demo, town_of, truth_of

pytestmark = pytest.mark.slow

MUNICIPALITY = "903"
DELIVERED_ON = date(2026, 11, 20)
#: Where a code may lie, whatever it says.
RESTRICTED = ("lake", "warehouse.duckdb")
N_NAMES = 24
#: How the last judgement is told: in Danish, in English, to programs, and of a law.
QUALITY_AS = ("", "--english", "--json", "--change CONTACT-2024", "--change CONTACT-2024 --json")
#: What may lie in what is restricted.
KNOWN_BY_NOBODY = {"a word", "eight digits"}


@dataclass(frozen=True)
class Spoilt:
    """The town after a delivery whose faults carry persons, with all that was said of it.

    ``outside``: what the calls had for the folders that are not theirs alone, by its name.
    """

    place: Place
    calls: dict[str, Call]
    outside: dict[str, Path]


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
    places = ("Målgruppe", "Form", "A-kasse", "Ansvarlig", "Sagsnr", "Løbenr", "Sagsbehandler",
              "Hændelsesdato", "Klokkeslæt", "CPR-nr")
    for number, place in enumerate(places):
        yield {place: PHONES[number % len(PHONES)]}
    for phone in PHONES:
        yield {"Hændelse": f"Ring {phone}"}
        yield {"Enhed": f"Team {phone}"}
    for place in ("Målgruppe", "Form", "A-kasse", "Ansvarlig", "Sagsnr", "Sagsbehandler", "Enhed"):
        yield {place: BARE_PHONES[0]}
    for phone in BARE_PHONES:
        yield {"Hændelse": f"Ring {phone}"}
        for _ in range(6):
            yield {"Hændelse": phone}
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
    outside = {"TMPDIR": folder / "temporary", "HOME": folder / "home"}
    for made in (place.data_dir, *outside.values()):
        made.mkdir()

    def call(*arguments: str | Path) -> Call:
        return place.call(*arguments, **{name: str(path) for name, path in outside.items()})

    export = folder / "export"
    truth = generate_planned(planned_demo()[MUNICIPALITY], export)
    files = {day: next((export / day.isoformat()).iterdir()) for day in truth.delivered_on}
    files[DELIVERED_ON] = _spoilt(files[truth.delivered_on[0]], folder)
    calls = {
        f"deliver {day}": call(
            "deliver", "-m", MUNICIPALITY, "-s", "fasit", "--delivered-on", day.isoformat(), file)
        for day, file in files.items()
    }
    assert {call.exit_code for call in calls.values()} == {0}, calls
    named = Path(shutil.copy(files[DELIVERED_ON], folder / f"fasit_{truth.canaries.cprs[3]}.csv"))
    calls["named"] = call("deliver", "-m", MUNICIPALITY, "-s", "fasit", "--delivered-on",
                          DELIVERED_ON.isoformat(), named)
    calls["run"] = call("run", "-m", MUNICIPALITY)
    calls["status"] = call("status")
    for asked in ("rejects list", "deliveries list", "deliveries report", "deliveries report --json",
                  "quality", *(f"quality --last {how}".rstrip() for how in QUALITY_AS)):
        first, *more = asked.split()
        calls[asked] = call(first, *more, "-m", MUNICIPALITY)
    return Spoilt(place, calls, outside)


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
    assert reasons["PERSONAL_DATA"] >= 28
    [(codes,)] = town.ask("select count(*) from core.unmapped_codes where n_rows between 1 and 6")
    assert codes > N_NAMES
    results = read_results(spoilt.place.work(MUNICIPALITY) / "quality" / "rule_results.parquet")
    assert Outcome.FAIL in {result.outcome for result in results}
    # what was asked afterwards was answered, and of these faults
    for asked, call in spoilt.calls.items():
        assert asked == "named" or call.exit_code == 0, (asked, call.output)
        assert call.output.strip(), asked
    failing = {result.rule_id for result in results if result.is_broken}
    for how in ("", " --english", " --json"):
        told = spoilt.calls[f"quality --last{how}"].output
        assert {rule_id for rule_id in failing if rule_id not in told} == set()


def test_the_search_would_find_the_value_of_each_fault() -> None:
    for fault in _faults():
        [value] = fault.values()
        assert _found_in(value.encode()), value
        assert _found_in(f"x{value};".encode()) == _found_in(value.encode())
    # digits of a hash, or of a longer number
    assert not _found_in(b"5e28615347 28615347e0 1286153470 417365290")


def _found_in(content: bytes) -> set[str]:
    """Kinds of what was planted that ``content`` holds."""
    return {*planted().found_in(content), *phones_in(content)}


def test_a_number_or_an_address_is_in_no_file_and_a_name_in_restricted_ones_only(
    spoilt: Spoilt,
) -> None:
    leaks, restricted, names = {}, set(), set()
    outside = [path for folder in spoilt.outside.values() for path in _below(folder)]
    for path in (*files_of(spoilt.place), *outside):
        name = path.relative_to(spoilt.place.data_dir.parent).as_posix()
        names.add(path.name)
        contents = [path.read_bytes(), *(text.encode() for _, text in columns_of(path))]
        contents += packed_in(path) if path.suffix == ".db" else []
        found = {kind for content in contents for kind in _found_in(content)}
        if _may_hold_codes(spoilt.place, path):
            restricted |= found
            assert not any(b"eksempel.invalid" in content for content in contents), name
            found -= KNOWN_BY_NOBODY
        if found:
            leaks[name] = sorted(found)
    assert leaks == {}
    # the search would have found a name, had it been anywhere else
    assert restricted == KNOWN_BY_NOBODY
    assert {"report.html", "report.csv", "rule_results.parquet", "published.duckdb"} <= names


def _below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_page_to_the_sender_tells_of_the_faults_and_holds_none_of_their_values(
    spoilt: Spoilt,
) -> None:
    reports = spoilt.place.work(MUNICIPALITY) / "quality" / "delivery_reports"
    [page] = reports.glob("fasit__20261120-*/report.html")
    assert "telefonnummer" in page.read_text("utf-8")
    told = {path: _found_in(path.read_bytes()) for path in reports.glob("*/report.*")}
    assert len(told) == 6  # as a page and as a sheet, of each delivery that was taken
    assert set().union(*told.values()) == set(), told


def test_nothing_is_left_in_the_folder_for_what_is_temporary(spoilt: Spoilt) -> None:
    assert [path.name for path in _below(spoilt.outside["TMPDIR"])] == []


def test_nothing_of_a_person_is_said_or_told_to_the_sender(spoilt: Spoilt) -> None:
    for name, call in spoilt.calls.items():
        assert _found_in(call.output.encode()) == set(), name


def test_a_code_that_carries_a_number_never_becomes_an_unmapped_code(town: Town) -> None:
    assert town.ask(
        "select count(*) from core.unmapped_codes"
        " where regexp_matches(source_code, '[0-9]{6}[- ]?[0-9]{4}')") == [(0,)]
