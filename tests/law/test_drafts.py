"""A draft laid over the seeds, a change taken out of them, and a change on another day."""

import filecmp
from datetime import date
from pathlib import Path

import pytest
from draft_files import first_talk_row, write_draft_of, write_rows, write_trial_draft

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.law.drafts import overlay, read_draft, without
from pm_pipeline.law.drafts.moving import as_if_from
from pm_pipeline.law.register import regime_of, validate
from pm_pipeline.registry import ActivityMapping, LegalChange, Regime, Rule, load_registry
from tests.conftest import SHIPPED_SEEDS, SeedFiles

REGIMES, RULES, MAPPINGS = Regime.file, Rule.file, ActivityMapping.file


def _lines(folder: Path, file: str) -> list[bytes]:
    return (folder / file).read_bytes().splitlines(keepends=True)


def _changed_files(one: Path, other: Path) -> set[str]:
    names = {path.relative_to(one).as_posix() for path in one.rglob("*.csv")}
    assert names == {path.relative_to(other).as_posix() for path in other.rglob("*.csv")}
    return {name for name in names if not filecmp.cmp(one / name, other / name, shallow=False)}


# Laying over

def test_an_overlay_adds_the_rows_of_the_draft_and_closes_the_running_regime(tmp_path: Path) -> None:
    write_trial_draft(tmp_path / "drafts")
    laid = overlay(SHIPPED_SEEDS, read_draft(tmp_path / "drafts", "TRIAL-2030"), tmp_path / "with")
    registry = load_registry(laid.seeds_dir)
    assert validate(registry) == []
    running = regime_of(load_registry(SHIPPED_SEEDS), "kontanthjaelp", date(2029, 12, 31))
    assert running is not None and running.valid_to is None
    assert registry.regime(running.regime_id).valid_to == date(2030, 1, 1)
    after = regime_of(registry, "kontanthjaelp", date(2030, 1, 1))
    assert after is not None and after.regime_id == "kontanthjaelp__20300101"
    assert registry.change("TRIAL-2030").is_law
    assert [rule.version for rule in registry.rules_of("kontanthjaelp__20300101")] == ["T"]


def test_what_no_row_of_a_draft_touches_keeps_its_bytes(tmp_path: Path) -> None:
    write_trial_draft(tmp_path / "drafts")
    laid = overlay(SHIPPED_SEEDS, read_draft(tmp_path / "drafts", "TRIAL-2030"), tmp_path / "with")
    assert _changed_files(SHIPPED_SEEDS, laid.seeds_dir) == {LegalChange.file, REGIMES, RULES}
    for file in (LegalChange.file, RULES):
        assert _lines(laid.seeds_dir, file)[:-1] == _lines(SHIPPED_SEEDS, file)
    before, now = _lines(SHIPPED_SEEDS, REGIMES), _lines(laid.seeds_dir, REGIMES)
    differing = [old for old, new in zip(before, now, strict=False) if old != new]
    assert len(differing) == 1 and differing[0].startswith(b"kontanthjaelp__")


def test_a_row_whose_key_is_known_stands_in_the_place_of_the_seed_row(
    seeds: SeedFiles, tmp_path: Path
) -> None:
    folder = write_trial_draft(tmp_path / "drafts")
    header, first, *_ = seeds.read(MAPPINGS)
    cells = dict(zip(header, first, strict=True)) | {"valid_to": "2030-01-01", "notes": 'says "so"'}
    write_rows(folder, ActivityMapping, cells)
    laid = overlay(seeds.folder, read_draft(tmp_path / "drafts", "TRIAL-2030"), tmp_path / "with")
    registry = load_registry(laid.seeds_dir)
    assert len(registry.mappings) == len(load_registry(seeds.folder).mappings)
    assert registry.mappings[0].mapping_id == cells["mapping_id"]
    assert registry.mappings[0].valid_to == date(2030, 1, 1)
    assert registry.mappings[0].notes == 'says "so"'


def test_an_overlay_leaves_the_status_alone_unless_it_is_to_be_tried_as_law(tmp_path: Path) -> None:
    write_trial_draft(tmp_path / "drafts")
    draft = read_draft(tmp_path / "drafts", "TRIAL-2030")
    laid = overlay(SHIPPED_SEEDS, draft, tmp_path / "with", as_law=False)
    registry = load_registry(laid.seeds_dir)
    assert not registry.change("TRIAL-2030").is_law
    assert any("which is announced" in str(one) for one in validate(registry))


def test_a_fault_of_a_laid_over_row_is_told_with_the_row_of_the_draft(tmp_path: Path) -> None:
    folder = write_trial_draft(tmp_path / "drafts")
    rule = first_talk_row("TRIAL-2030", "kontanthjaelp__20300101", 2)
    write_rows(folder, Rule, rule | {"version": "S"}, rule | {"required_activity_id": "SNAK"})
    laid = overlay(SHIPPED_SEEDS, read_draft(tmp_path / "drafts", "TRIAL-2030"), tmp_path / "with")
    (told,) = [str(laid.told(one)) for one in validate(load_registry(laid.seeds_dir))]
    assert told.startswith("drafts/TRIAL-2030/law/rules.csv row 2 (line 3), column required")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("law/rule.csv", "rule_id\n", r"law/rule\.csv: .*found a file that nothing reads"),
        ("registry/processes.csv", "process_id\n", r"registry/processes\.csv: .*that nothing reads"),
        ("law/regimes.csv", "regime_id;process_id\n", "found semicolons between the cells"),
        ("law/regimes.csv", "\ufeffregime_id\n", r"law/regimes\.csv line 1: .*found a byte order mark"),
    ],
)
def test_a_draft_is_read_as_strictly_as_a_seed(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    folder = write_trial_draft(tmp_path)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(PipelineError, match=told):
        read_draft(tmp_path, "TRIAL-2030")


def test_a_draft_that_is_not_there_is_a_wrong_call_that_names_those_there_are(tmp_path: Path) -> None:
    write_trial_draft(tmp_path)
    with pytest.raises(UsageError, match=r"no draft of 'OTHER'.*there: TRIAL-2030.*law new OTHER"):
        read_draft(tmp_path, "OTHER")


# Taking out

def test_the_law_without_a_change_is_the_law_before_it(tmp_path: Path) -> None:
    seeds = load_registry(SHIPPED_SEEDS)
    registry = load_registry(without(SHIPPED_SEEDS, "REFORM-1B", tmp_path / "without"))
    assert validate(registry) == []
    assert {one.change_id for one in seeds.changes} - {one.change_id for one in registry.changes} == {
        "REFORM-1B"
    }
    for process_id in ("forsikrede_ledige", "kontanthjaelp"):
        still = regime_of(registry, process_id, date(2027, 1, 1))
        assert still is not None and still.regime_id == f"{process_id}__20240101"
        assert still.valid_to is None
    gone = {rule.regime_id for rule in seeds.rules} - {rule.regime_id for rule in registry.rules}
    assert gone == {"forsikrede_ledige__20260701", "kontanthjaelp__20260701"}


@pytest.mark.parametrize("change_id", ["REFORM-1B", "COVID-1"])
def test_the_rows_of_a_change_laid_over_the_law_without_it_give_the_seeds_back(
    tmp_path: Path, change_id: str
) -> None:
    write_draft_of(SHIPPED_SEEDS, change_id, tmp_path / "drafts")
    former = without(SHIPPED_SEEDS, change_id, tmp_path / "without")
    assert _changed_files(SHIPPED_SEEDS, former), "the change has rows"
    laid = overlay(former, read_draft(tmp_path / "drafts", change_id), tmp_path / "with")
    for name in _changed_files(SHIPPED_SEEDS, laid.seeds_dir):
        assert sorted(_lines(laid.seeds_dir, name)) == sorted(_lines(SHIPPED_SEEDS, name))


def test_taking_out_a_change_in_the_middle_lets_the_regime_before_it_run_to_the_next(
    tmp_path: Path,
) -> None:
    registry = load_registry(without(SHIPPED_SEEDS, "CONTACT-2024", tmp_path / "without"))
    assert validate(registry) == []
    on = {
        day: regime_of(registry, "kontanthjaelp", date.fromisoformat(day))
        for day in ("2024-01-01", "2026-06-30", "2026-07-01")
    }
    assert [one and one.regime_id for one in on.values()] == [
        "kontanthjaelp__20200101", "kontanthjaelp__20200101", "kontanthjaelp__20260701",
    ]


def test_taking_out_two_regimes_of_one_change_in_a_row_passes_on_where_the_later_one_ended(
    seeds: SeedFiles, tmp_path: Path
) -> None:
    for row in (seeds.row_of(REGIMES, regime_id="kontanthjaelp__20240101"),
                seeds.row_of(REGIMES, regime_id="kontanthjaelp__20260701")):
        seeds.set(REGIMES, row, "change_id", "OVO-2026")
    registry = load_registry(without(seeds.folder, "OVO-2026", tmp_path / "without"))
    (regime,) = registry.regimes_of("kontanthjaelp")
    assert (regime.regime_id, regime.valid_to) == ("kontanthjaelp__20200101", None)


def test_a_scheme_runs_on_without_the_change_that_ended_it(seeds: SeedFiles, tmp_path: Path) -> None:
    ended = seeds.row_of("law/legal_changes.csv", change_id="RESSOURCE-END")
    seeds.set("law/legal_changes.csv", ended, "status", "in_force")
    row = seeds.row_of(REGIMES, regime_id="kontanthjaelp__20260701")
    seeds.set(REGIMES, row, "valid_to", "2027-01-01")
    seeds.set(REGIMES, row, "ended_by_change_id", "RESSOURCE-END")
    registry = load_registry(without(seeds.folder, "RESSOURCE-END", tmp_path / "without"))
    regime = registry.regime("kontanthjaelp__20260701")
    assert (regime.valid_to, regime.ended_by_change_id) == (None, None)


def test_codes_that_a_change_ended_or_replaced_mean_again_what_they_meant(
    seeds: SeedFiles, tmp_path: Path
) -> None:
    header, first, second, third, *_ = (*seeds.read(MAPPINGS),)
    day, change = "2025-07-01", "KONTANT-2025"
    for row in (1, 2, 3):
        seeds.set(MAPPINGS, row, "valid_to", day)
    seeds.set(MAPPINGS, 2, "change_id", change)
    seeds.add_copy(MAPPINGS, 1, mapping_id="NEW-1", valid_from=day, valid_to="", change_id=change)
    seeds.add_copy(MAPPINGS, 1, mapping_id="NEW-2", source_code="brand_new", valid_from=day,
                   valid_to="", change_id=change)
    registry = load_registry(without(seeds.folder, change, tmp_path / "without"))
    ends = {one.mapping_id: one.valid_to for one in registry.mappings}
    names = header.index("mapping_id")
    assert ends[first[names]] is None, "the change began another row for the same code"
    assert ends[second[names]] is None, "the row carries the change"
    assert ends[third[names]] == date(2025, 7, 1), "nothing tells that the change ended it"
    assert not {"NEW-1", "NEW-2"} & set(ends)


def test_taking_out_an_unknown_change_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"unknown legal change 'NOPE'"):
        without(SHIPPED_SEEDS, "NOPE", tmp_path / "without")


# Another day

@pytest.mark.parametrize(
    ("day", "kept", "running"),
    [
        # earlier, over a regime that lies between: it gives way
        (date(2025, 3, 1), {"kontanthjaelp__20200101", "kontanthjaelp__20240101"},
         "kontanthjaelp__20240101"),
        (date(2028, 3, 1), {"kontanthjaelp__20200101", "kontanthjaelp__20240101",
                            "kontanthjaelp__20260701"}, "kontanthjaelp__20260701"),
        # later than its own day: the regime before it runs on
        (date(2031, 3, 1), {"kontanthjaelp__20200101", "kontanthjaelp__20240101",
                            "kontanthjaelp__20260701"}, "kontanthjaelp__20260701"),
        # on the day on which another regime begins: that one gives way
        (date(2024, 1, 1), {"kontanthjaelp__20200101"}, "kontanthjaelp__20200101"),
    ],
)
def test_a_change_as_if_from_another_day_takes_the_place_of_the_law_of_that_day(
    tmp_path: Path, day: date, kept: set[str], running: str
) -> None:
    write_trial_draft(tmp_path / "drafts")
    laid = overlay(SHIPPED_SEEDS, read_draft(tmp_path / "drafts", "TRIAL-2030"), tmp_path / "with")
    as_if_from(laid.seeds_dir, "TRIAL-2030", day)
    registry = load_registry(laid.seeds_dir)
    regimes = registry.regimes_of("kontanthjaelp")
    assert {one.regime_id for one in regimes} == {*kept, "kontanthjaelp__20300101"}
    assert registry.regime(running).valid_to == day
    assert (regimes[-1].regime_id, regimes[-1].valid_from) == ("kontanthjaelp__20300101", day)
    before = [one.valid_to for one in regimes[:-1]]
    assert before == [one.valid_from for one in regimes[1:]], "no gap and no overlap"
    untouched = load_registry(SHIPPED_SEEDS).regimes_of("forsikrede_ledige")
    assert [one.valid_to for one in registry.regimes_of("forsikrede_ledige")] == [
        one.valid_to for one in untouched
    ]


def test_a_change_cannot_begin_after_its_regime_ended(tmp_path: Path) -> None:
    seeds = without(SHIPPED_SEEDS, "AKASSE-TRIAL", tmp_path / "seeds")
    with pytest.raises(UsageError, match=r"'.*__20240101' ends on 2026-07-01.*an earlier day"):
        as_if_from(seeds, "CONTACT-2024", date(2026, 7, 1))


def test_a_change_without_a_regime_cannot_be_moved(tmp_path: Path) -> None:
    seeds = without(SHIPPED_SEEDS, "AKASSE-TRIAL", tmp_path / "seeds")
    with pytest.raises(UsageError, match=r"'COVID-1' begins no regime"):
        as_if_from(seeds, "COVID-1", date(2025, 1, 1))
