"""Nothing of a person gets past the first door: every planted value is looked for in every file."""

import re

import pytest

from pm_pipeline.quality.privacy import scan_tree
from tests.road.planted_values import columns_of, files_of, packed_in, planted
from tests.road.the_road import MUNICIPALITIES, Road, Town

pytestmark = pytest.mark.slow


def test_the_search_would_find_each_planted_value_in_the_deliveries(town: Town) -> None:
    canaries = town.truth.canaries
    for texts in (canaries.names, canaries.staff_names, canaries.emails, canaries.note_fragments):
        assert texts
        assert all(planted().found_in(text.encode()) for text in texts)
    for number in canaries.cprs:
        for form in (number, f"{number[:6]}-{number[6:]}"):
            assert planted().found_in(f"x;{form};y".encode()) == ["a CPR number"]
    assert not planted().found_in("Jobsamtale 2025-07-01 09:00; Fælles jobsamtale".encode())
    folder = town.place.landing(town.municipality_id, town.system)
    if town.system != "event_log":  # packed
        assert all(planted().found_in(path.read_bytes()) for path in folder.rglob("*.csv")
                   if path.stat().st_size > 1000)


def test_no_byte_of_any_file_outside_landing_holds_a_planted_value(road: Road) -> None:
    leaks = {}
    names = set()
    for path in files_of(road):
        names.add(path.name)
        found = planted().found_in(path.read_bytes())
        if found:
            leaks[path.relative_to(road.data_dir).as_posix()] = sorted(set(found))
    assert leaks == {}
    assert {"warehouse.duckdb", "published.duckdb", "runs.db", "index.db"} <= names


def test_no_column_of_any_table_outside_landing_holds_one_either(road: Road) -> None:
    tables = 0
    for path in files_of(road):
        for place, text in columns_of(path):
            tables += 1
            assert planted().found_in(text.encode()) == [], f"{path}: {place}"
    assert tables > 1000


def test_nothing_outside_landing_looks_like_a_cpr_number(road: Road) -> None:
    # Of the warehouses one: the planted numbers are looked for in all of them, and faster.
    left_out = [road.data_dir / "landing", *(road.work(one) for one in MUNICIPALITIES[1:])]
    found = [
        f"{hit.path.relative_to(road.data_dir)} {hit.place} {hit.kind}"
        for hit in scan_tree(road.data_dir, left_out)
        # Compressed bytes hold ten digits in a row by chance. Their columns are read as text, and
        # that no byte holds a planted number is tested above.
        if hit.place != "bytes" or hit.path.suffix not in (".duckdb", ".parquet")
    ]
    assert found == []


def test_what_dagster_keeps_packed_holds_none(road: Road) -> None:
    unpacked = 0
    for path in sorted((road.data_dir / "dagster").rglob("*.db")):
        for content in packed_in(path):
            unpacked += 1
            assert planted().found_in(content) == [], path
    assert unpacked > 0


def test_the_command_line_said_none(road: Road) -> None:
    for call in (road.demo, road.run, road.call("status")):
        assert call.exit_code == 0
        assert call.output.strip()
        assert planted().found_in(call.output.encode()) == []


def test_identifiers_in_the_lake_are_pseudonyms_under_the_key_of_the_municipality(
    town: Town,
) -> None:
    table, key = {
        "momentum": ("target_groups", "target_group_row_id"),
        "fasit": ("haendelser", "case_id"), "event_log": ("events", "case_id"),
    }[town.system]
    found = set(town.ask(f"select distinct {key}, citizen_id from {town.lake(table)}"))
    domain = "record" if town.system == "momentum" else "case"
    # what was delivered before a citizen's number changed stands under the former one
    former = {change.cpr: change.former_cpr for change in town.truth.cpr_changes}
    now, before = (
        {
            (
                town.pseudonyms.pseudonym(domain, case.case_ref),
                town.pseudonyms.pseudonym("citizen", numbers(case.citizen_cpr)),
            )
            for case in town.truth.cases
        }
        for numbers in (str, lambda cpr: former.get(cpr, cpr))
    )
    assert found <= now | before
    assert {case for case, _ in found} == {case for case, _ in now}
    # the number of a citizen that never changed is found with every case
    assert now & before <= found


def test_no_pseudonym_of_a_person_or_case_is_published(town: Town) -> None:
    secret = {
        *(str(case) for (case,) in town.ask("select case_id from core.cases")),
        *(str(citizen) for (citizen,) in town.ask("select citizen_id from core.cases")),
        *(town.pseudonyms.pseudonym("citizen", cpr) for cpr in town.truth.canaries.cprs),
    }
    pseudonym = re.compile(rb"[0-9a-f]{32}")
    for path in town.place.published(town.municipality_id).rglob("*"):
        if path.is_file() and not path.is_symlink():
            contents = [path.read_bytes(), *(text.encode() for _, text in columns_of(path))]
            found = {text.decode() for content in contents for text in pseudonym.findall(content)}
            assert not found & secret, path


def test_the_key_is_in_no_file_of_the_data_folder(road: Road) -> None:
    keys = [path.read_bytes().strip() for path in sorted(road.key_dir.glob("*.key"))]
    assert len(keys) == len(set(keys)) == len(MUNICIPALITIES)
    secrets = {form for key in keys for form in (key, bytes.fromhex(key.decode()))}
    for path in road.data_dir.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            assert not any(secret in content for secret in secrets), path


def test_landing_work_and_keys_are_for_the_owner_only(road: Road) -> None:
    private = [
        road.data_dir / "landing", road.data_dir / "work", road.data_dir / "dagster",
        road.key_dir, *road.key_dir.glob("*.key"),
    ]
    assert [path.name for path in private if path.stat().st_mode & 0o077] == []
