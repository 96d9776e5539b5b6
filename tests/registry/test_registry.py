"""The seeds are read as typed rows, and every fault of form is told with file, row and column."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.registry import (
    ChangeStatus,
    MappingKind,
    Registry,
    ResponsibleParty,
    RuleKind,
    load_registry,
)

SHIPPED_SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
ALL_SEEDS = sorted(str(path.relative_to(SHIPPED_SEEDS)) for path in SHIPPED_SEEDS.glob("*/*.csv"))
# A seed may be empty until a fact of its kind is known.
SEEDS_WITH_ROWS = [one for one in ALL_SEEDS if len((SHIPPED_SEEDS / one).read_text().splitlines()) > 1]


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load_registry(SHIPPED_SEEDS)


def test_the_shipped_seeds_load(shipped: Registry) -> None:
    assert len(shipped.changes) == 19
    assert len(shipped.regimes) == 8
    assert len(shipped.municipalities) == 98 + 5
    assert [one.municipality_id for one in shipped.active_municipalities] == [
        "901", "902", "903", "904", "905",
    ]
    assert all(one.is_fictional for one in shipped.active_municipalities)
    assert shipped.system("event_log").mapping is MappingKind.IDENTITY


def test_each_region_has_its_number_of_municipalities(shipped: Registry) -> None:
    regions = [one.region for one in shipped.municipalities if not one.is_fictional]
    assert {region: regions.count(region) for region in sorted(set(map(str, regions)))} == {
        "Hovedstaden": 29, "Midtjylland": 19, "Nordjylland": 11, "Sjælland": 17, "Syddanmark": 22,
    }


def test_a_cell_with_bars_becomes_a_list_and_an_empty_one_an_empty_list(shipped: Registry) -> None:
    rule = next(one for one in shipped.rules if one.rule_id == "LAB31_G2_5_TALKS_6M")
    assert rule.applies_to_target_groups == ("6.2", "6.3", "6.4", "6.5")
    assert rule.responsible_party == (ResponsibleParty.MUNICIPALITY,)
    assert rule.scope_funds == ()
    assert rule.share_required is None


def test_cells_are_typed(shipped: Registry) -> None:
    share = next(one for one in shipped.rules if one.kind is RuleKind.POPULATION_SHARE)
    assert share.share_required == Decimal("0.75")
    assert shipped.change("CONTACT-2024").effective_on == date(2024, 1, 1)
    assert shipped.change("HOI").status is ChangeStatus.ANNOUNCED
    assert shipped.change("HOI").effective_on is None


def test_a_row_knows_where_it_stands(shipped: Registry) -> None:
    assert (shipped.changes[0].row, shipped.changes[0].line) == (1, 2)


def test_rows_cannot_be_changed(shipped: Registry) -> None:
    with pytest.raises(ValidationError):
        shipped.changes[0].act = "another"


def test_store_bededag_is_a_holiday_in_2023_and_not_in_2024(shipped: Registry) -> None:
    assert shipped.is_holiday(date(2023, 5, 5))
    # the fourth Friday after Easter of 2024
    assert not shipped.is_holiday(date(2024, 4, 26))


@pytest.mark.parametrize(
    ("look_up", "known"),
    [
        (lambda registry: registry.municipality("999"), "901"),
        (lambda registry: registry.system("ky"), "momentum, fasit, event_log"),
        (lambda registry: registry.process("permits"), "forsikrede_ledige, kontanthjaelp"),
        (lambda registry: registry.change("LAB-1999"), "LAB-2020"),
        (lambda registry: registry.regime("x__20200101"), "kontanthjaelp__20240101"),
        (lambda registry: registry.activity("DANCE"), "JOBSAMTALE"),
    ],
)
def test_an_unknown_id_is_a_wrong_call_and_the_known_ids_are_named(
    shipped: Registry, look_up: Callable[[Registry], Any], known: str
) -> None:
    with pytest.raises(UsageError, match=known):
        look_up(shipped)


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "told"),
    [
        ("law/legal_changes.csv", 3, "kind", "decree", r"expected one of 'rule', .*found 'decree'"),
        ("law/legal_changes.csv", 1, "status", "", r"found an empty cell"),
        ("law/legal_changes.csv", 2, "effective_on", "01-01-2020", r"yyyy-mm-dd, found '01-01-2"),
        ("law/legal_changes.csv", 2, "effective_on", "2020-02-30", r"day that exists, found '2020"),
        ("law/legal_changes.csv", 2, "effective_on", "1577836800", r"yyyy-mm-dd, found '1577836"),
        ("law/legal_changes.csv", 4, "title_da", "", r"a value, found an empty cell"),
        ("law/rules.csv", 1, "kind", "rank", r"'population_share'.*found 'rank'"),
        ("law/rules.csv", 1, "min_count", "4.0", r"a whole number, found '4.0'"),
        ("law/rules.csv", 6, "share_required", "0,75", r"decimal point, found '0,75'"),
        ("law/rules.csv", 1, "window_unit", "hour", r"'month', found 'hour'|found 'hour'"),
        ("law/rules.csv", 4, "responsible_party", "municipality|state", r"found 'municipality\|st"),
        ("law/rules.csv", 8, "applies_to_target_groups", "6.2||6.3", r"ids separated by single \|"),
        ("law/clock_stops.csv", 1, "rule_kinds", "deadlines", r"found 'deadlines'"),
        ("law/regimes.csv", 2, "applies_by", "mood", r"'event', found 'mood'|found 'mood'"),
        ("mapping/activities.csv", 5, "sort_rank", "", r"a whole number, found an empty cell"),
        ("mapping/activities.csv", 5, "resource_expected", "cat", r"found 'cat'"),
        ("mapping/filters.csv", 2, "field", "mood", r"'variant_coverage', found 'mood'|found 'mood'"),
        ("mapping/filters.csv", 2, "operator", "like", r"found 'like'"),
        ("mapping/activity_mappings.csv", 9, "source_code", " held:7", r"no blanks around"),
        ("registry/what_ifs.csv", 1, "quota_days", "0", r"at least 1|equal to 1, found '0'"),
        ("registry/what_ifs.csv", 1, "new_quota_days", "21.5", r"a whole number, found '21.5'"),
        ("registry/what_ifs.csv", 1, "new_quota_days", "366", r"found '366'"),
        ("registry/what_ifs.csv", 1, "staffing_factor", "-1", r"found '-1'"),
        ("registry/what_ifs.csv", 1, "staffing_factor", "0", r"found '0'"),
        ("registry/what_ifs.csv", 1, "staffing_factor", "11", r"found '11'"),
        ("registry/municipalities.csv", 99, "is_active", "yes", r"true or false, found 'yes'"),
        ("registry/case_systems.csv", 1, "mapping", "guess", r"found 'guess'"),
        ("registry/processes.csv", 1, "case_notion", "", r"a value, found an empty cell"),
        ("registry/target_groups.csv", 1, "certainty", "maybe", r"found 'maybe'"),
        ("quality/time_artefacts.csv", 1, "local_time", "24:00:00", r"hh:mm:ss, found '24:00:00'"),
        ("quality/time_artefacts.csv", 1, "flag", "noon", r"'utc_midnight'.*found 'noon'"),
        ("quality/log_rules.csv", 1, "kind", "guess", r"'activity_frequency'.*found 'guess'"),
        ("quality/log_rules.csv", 1, "severity", "grave", r"found 'grave'"),
        ("registry/calendar.csv", 1, "holiday_on", "", r"yyyy-mm-dd, found an empty cell"),
    ],
)
def test_a_wrong_cell_is_told_with_file_row_line_and_column(
    seeds: Any, file: str, row: int, column: str, value: str, told: str
) -> None:
    seeds.set(file, row, column, value)
    with pytest.raises(PipelineError) as caught:
        load_registry(seeds.folder)
    where = rf"{file} row {row} \(line {row + 1}\), column {column}: expected "
    caught.match(where)
    caught.match(told)
    assert "1 fault in the seeds" in str(caught.value)


@pytest.mark.parametrize("file", SEEDS_WITH_ROWS)
def test_a_key_used_twice_is_told(seeds: Any, file: str) -> None:
    row = seeds.add_copy(file, 1)
    with pytest.raises(PipelineError, match=rf"{file} row {row} .*which row 1 has too"):
        load_registry(seeds.folder)


@pytest.mark.parametrize("file", ALL_SEEDS)
def test_a_missing_file_is_told(seeds: Any, file: str) -> None:
    (seeds.folder / file).unlink()
    with pytest.raises(PipelineError, match=f"{file}: expected the file, found none"):
        load_registry(seeds.folder)


@pytest.mark.parametrize("file", SEEDS_WITH_ROWS)
def test_a_seed_may_have_no_rows(seeds: Any, file: str) -> None:
    before = load_registry(seeds.folder)
    seeds.write(file, seeds.read(file)[:1])
    after = load_registry(seeds.folder)
    assert before != after


def test_unknown_missing_and_repeated_columns_are_told_together(seeds: Any) -> None:
    records = seeds.read("law/regimes.csv")
    records[0] = ["regime_id", "process_id", "process_id", "colour", "valid_from", "valid_to", "x"]
    seeds.write("law/regimes.csv", records)
    with pytest.raises(PipelineError) as caught:
        load_registry(seeds.folder)
    caught.match(r"law/regimes.csv, column process_id: expected each column once")
    caught.match(r"law/regimes.csv, column colour: expected only the columns regime_id, ")
    caught.match(r"law/regimes.csv, column change_id: expected the column in the header")
    caught.match(r"law/regimes.csv, column applies_by: expected the column in the header")


def test_a_row_with_a_comma_too_many_is_told(seeds: Any) -> None:
    path = seeds.folder / "registry/case_systems.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[2] += ",and more"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(PipelineError, match=r"case_systems.csv row 2 \(line 3\): expected 6 cells"):
        load_registry(seeds.folder)


def test_the_line_is_right_after_a_cell_with_a_line_break(seeds: Any) -> None:
    seeds.set("law/regimes.csv", 1, "notes", "one\ntwo\nthree")
    seeds.set("law/regimes.csv", 2, "applies_by", "mood")
    with pytest.raises(PipelineError, match=r"law/regimes.csv row 2 \(line 5\), column applies_by"):
        load_registry(seeds.folder)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "expected a header line, found an empty file"),
        (b"\xef\xbb\xbfholiday_on,name_da,name_en\n", r"line 1: .*found a byte order mark; a spread"),
        (
            "holiday_on,name_da,name_en\n2020-01-01,Nyt\u00e5r,x\n".encode("cp1252"),
            r"line 2: expected UTF-8 text .*Windows-1252 probably \(first in line 2\); a spreadsheet",
        ),
        ("holiday_on,name_da,name_en\n".encode("utf-16"), "line 1: .*found UTF-16;"),
        (b'holiday_on,name_da,name_en\n2020-01-01,"Nyt"aar,x\n', "begins in line 2"),
        (b"holiday_on;name_da;name_en\n", "line 1: .*found semicolons between the cells; a spread"),
        (
            b"\xef\xbb\xbfholiday_on;name_da;name_en\n2020-01-01;x;y\n",
            "found a byte order mark and semicolons between the cells; .*save it from LibreOffice",
        ),
        (
            "holiday_on;name_da;name_en\n2020-01-01;Nyt\u00e5r;x\n".encode("cp1252"),
            r"Windows-1252 .* and semicolons between the cells",
        ),
        (b'"holiday_on"\t"name_da"\t"name_en"\n', "found tabs between the cells"),
    ],
)
def test_a_file_that_is_no_seed_is_told(seeds: Any, content: bytes, told: str) -> None:
    (seeds.folder / "registry/calendar.csv").write_bytes(content)
    with pytest.raises(PipelineError) as caught:
        load_registry(seeds.folder)
    caught.match("registry/calendar.csv")
    caught.match(told)


def test_all_faults_of_all_files_are_told_at_once(seeds: Any) -> None:
    seeds.set("law/rules.csv", 1, "min_count", "four")
    seeds.set("law/rules.csv", 2, "window_unit", "moon")
    seeds.set("registry/municipalities.csv", 3, "is_active", "no")
    with pytest.raises(PipelineError, match="3 faults in the seeds") as caught:
        load_registry(seeds.folder)
    assert str(caught.value).count("; correct the cell") == 3
