"""`law new`: a draft begun from the law that runs until then, honest about what was only copied."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from pm_pipeline.errors import UsageError
from pm_pipeline.law.drafts import overlay, read_draft
from pm_pipeline.law.drafts.examples import examples_text
from pm_pipeline.law.drafts.rows import CHECK, NewDraft
from pm_pipeline.law.drafts.scaffold import scaffold
from pm_pipeline.law.register import load_checked_registry, validate
from pm_pipeline.registry import (
    ChangeKind,
    ClockStop,
    LogRule,
    Regime,
    Registry,
    Rule,
    RuleClock,
    load_registry,
)
from tests.conftest import SHIPPED_SEEDS, SeedFiles

EXPECTATIONS = SHIPPED_SEEDS.parents[1] / "expectations"
DAY = date(2030, 1, 1)
BOTH = ("forsikrede_ledige", "kontanthjaelp")


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load_checked_registry(SHIPPED_SEEDS)


def _begin(registry: Registry, drafts_dir: Path, **said: object) -> Path:
    new = NewDraft(**{"change_id": "NEW-2030", "process_ids": BOTH, "effective_on": DAY} | said)  # type: ignore[arg-type]
    scaffold(registry, EXPECTATIONS, drafts_dir, new)
    return drafts_dir / new.change_id


def test_a_new_draft_holds_the_rules_of_the_running_regime_as_the_next_version(
    shipped: Registry, tmp_path: Path
) -> None:
    _begin(shipped, tmp_path)
    draft = read_draft(tmp_path, "NEW-2030")
    assert [one.regime_id for one in draft.regimes] == [f"{one}__20300101" for one in BOTH]
    copied = [one for one in draft.rows[Rule] if isinstance(one, Rule)]
    running = [rule for one in BOTH for rule in shipped.rules_of(shipped.regimes_of(one)[-1].regime_id)]
    assert len(copied) == len(running) > 0
    wording = set(Rule.model_fields) - {
        "row", "line", "version", "regime_id", "change_id", "certainty", "notes", "legal_basis_url",
    }
    for old, new in zip(running, copied, strict=True):
        assert new.model_dump(include=wording) == old.model_dump(include=wording)
        assert new.version == chr(ord(old.version) + 1)


def test_a_new_draft_holds_what_the_running_regime_asks_of_the_log_under_ids_of_its_own(
    shipped: Registry, tmp_path: Path
) -> None:
    _begin(shipped, tmp_path)
    copied = [
        one for one in read_draft(tmp_path, "NEW-2030").rows[LogRule] if isinstance(one, LogRule)
    ]
    running = [
        row for one in BOTH for row in shipped.log_rules
        if row.regime_id == shipped.regimes_of(one)[-1].regime_id
    ]
    assert len(running) > 0
    assert [(one.rule_id, one.regime_id) for one in copied] == [
        (f"{one.rule_id}_20300101", f"{one.process_id}__20300101") for one in running
    ]
    assert all("[CHECK]" in (one.notes or "") for one in copied)


def test_a_new_draft_has_no_fault_of_form_and_marks_all_it_copied(
    shipped: Registry, tmp_path: Path
) -> None:
    _begin(shipped, tmp_path / "drafts")
    draft = read_draft(tmp_path / "drafts", "NEW-2030")
    laid = overlay(SHIPPED_SEEDS, draft, tmp_path / "with")
    assert validate(load_registry(laid.seeds_dir)) == []
    assert draft.change is not None
    assert (draft.change.status, draft.change.certainty) == ("announced", "uncertain")
    assert CHECK in draft.change.act and CHECK in draft.change.title_da
    for row in (*draft.rows[Regime], *draft.rows[Rule]):
        assert CHECK in (row.notes or "")  # type: ignore[attr-defined]
    assert {one.certainty for one in draft.rows[Rule]} == {"uncertain"}  # type: ignore[attr-defined]


def test_what_the_maintainer_says_of_the_act_is_not_marked(shipped: Registry, tmp_path: Path) -> None:
    url = "https://www.retsinformation.dk/eli/lta/2029/9"
    _begin(shipped, tmp_path, act="Lov nr. 9", url=url, title_da="Ny lov", title_en="New law")
    draft = read_draft(tmp_path, "NEW-2030")
    change = draft.change
    assert change is not None
    assert (change.act, change.reference_url) == ("Lov nr. 9", url)
    assert (change.title_da, change.title_en) == ("Ny lov", "New law")
    assert {one.legal_basis_url for one in draft.rows[Rule]} == {url}  # type: ignore[attr-defined]


def test_a_change_that_is_announced_in_the_register_keeps_what_is_known_of_it(
    shipped: Registry, tmp_path: Path
) -> None:
    known = shipped.change("REFORM-2")
    _begin(shipped, tmp_path, change_id="REFORM-2", effective_on=known.effective_on)
    change = read_draft(tmp_path, "REFORM-2").change
    assert change is not None
    assert change.model_dump(exclude={"row", "line"}) == known.model_dump(exclude={"row", "line"})


def test_a_day_other_than_the_announced_one_is_marked(shipped: Registry, tmp_path: Path) -> None:
    _begin(shipped, tmp_path, change_id="REFORM-2", effective_on=date(2028, 1, 1))
    change = read_draft(tmp_path, "REFORM-2").change
    assert change is not None and change.effective_on == date(2028, 1, 1)
    assert (change.notes or "").startswith(f"{CHECK} effective_on: the register says 2027-01-01.")


def test_the_suites_of_the_running_regime_are_copied_with_ids_of_their_own(
    shipped: Registry, tmp_path: Path
) -> None:
    folder = _begin(shipped, tmp_path)
    copied = sorted((folder / "expectations").glob("regimes/*/*.json"))
    running = [
        path for one in BOTH
        for path in sorted((EXPECTATIONS / "regimes" / shipped.regimes_of(one)[-1].regime_id).iterdir())
    ]
    assert [path.name for path in copied] == [path.name for path in running] != []
    known = {
        item["meta"]["rule_id"] for path in EXPECTATIONS.rglob("*.json")
        for item in json.loads(path.read_text())["expectations"]
    }
    for path in copied:
        suite = json.loads(path.read_text())
        assert suite["name"] == f"regimes/{path.parent.name}/{path.stem}"
        for item in suite["expectations"]:
            assert item["meta"]["rule_id"] not in known
            assert item["meta"]["reason"].startswith(f"{CHECK} copied from regimes/")


def test_every_rule_gets_an_example_that_meets_it_and_one_that_does_not(
    shipped: Registry, tmp_path: Path
) -> None:
    folder = _begin(shipped, tmp_path)
    rules = {one.rule_id: one for one in read_draft(tmp_path, "NEW-2030").rows[Rule]}  # type: ignore[attr-defined]
    files = sorted((folder / "scenarios").iterdir())
    assert [path.stem for path in files] == sorted(rules)
    for path in files:
        told = yaml.safe_load(path.read_text())
        assert told["rule"] == path.stem
        assert {one["version"] for one in told["scenarios"]} == {rules[path.stem].version}  # type: ignore[attr-defined]
        # a clock that no export tells: neither met nor broken, and one example that says so
        clock = rules[path.stem].clock  # type: ignore[attr-defined]
        wanted = 1 if clock is RuleClock.ACCUMULATED_UNEMPLOYMENT else 2
        assert len({one["name"] for one in told["scenarios"]}) == len(told["scenarios"]) == wanted


def test_a_draft_is_never_overwritten(shipped: Registry, tmp_path: Path) -> None:
    folder = _begin(shipped, tmp_path)
    (folder / "README.md").write_text("mine")
    with pytest.raises(UsageError, match=r"there is a draft of 'NEW-2030' already.*overwritten"):
        _begin(shipped, tmp_path)
    assert (folder / "README.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"change_id": "REFORM-1B"}, r"'REFORM-1B' is in_force in law/legal_changes\.csv row \d+"),
        ({"change_id": "../out"}, r"'\.\./out' cannot be the id of a change"),
        ({"change_id": ".hidden"}, r"'\.hidden' cannot be the id"),
        ({"process_ids": ("boligstoette",)}, r"unknown process 'boligstoette'"),
        ({"process_ids": ()}, r"kind rule concerns a process: name it with --process"),
        ({"effective_on": date(2026, 7, 1)}, r"'.*__20260701' of REFORM-1B begins on 2026-07-01"),
        ({"kind": ChangeKind.ORG_CHANGE, "process_ids": ()}, r"give --url"),
    ],
)
def test_a_wrong_call_writes_nothing(
    shipped: Registry, tmp_path: Path, said: dict[str, object], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        _begin(shipped, tmp_path / "drafts", **said)
    assert not list(tmp_path.rglob("*.csv"))


def test_a_change_inside_a_closed_regime_ends_where_that_one_ended(
    shipped: Registry, tmp_path: Path
) -> None:
    _begin(shipped, tmp_path / "drafts", process_ids=("kontanthjaelp",), effective_on=date(2025, 3, 1))
    laid = overlay(SHIPPED_SEEDS, read_draft(tmp_path / "drafts", "NEW-2030"), tmp_path / "with")
    registry = load_registry(laid.seeds_dir)
    assert validate(registry) == []
    assert [(one.valid_from, one.valid_to) for one in registry.regimes_of("kontanthjaelp")][1:3] == [
        (date(2024, 1, 1), date(2025, 3, 1)), (date(2025, 3, 1), date(2026, 7, 1)),
    ]


def test_the_end_of_a_scheme_closes_its_regime(shipped: Registry, tmp_path: Path) -> None:
    _begin(shipped, tmp_path / "drafts", process_ids=("kontanthjaelp",), kind=ChangeKind.SCHEME_END)
    laid = overlay(SHIPPED_SEEDS, read_draft(tmp_path / "drafts", "NEW-2030"), tmp_path / "with")
    registry = load_registry(laid.seeds_dir)
    assert validate(registry) == []
    ended = registry.regimes_of("kontanthjaelp")[-1]
    assert (ended.valid_to, ended.ended_by_change_id) == (DAY, "NEW-2030")


def test_a_stop_of_the_clock_stops_no_rule_until_the_kinds_are_entered(
    shipped: Registry, tmp_path: Path
) -> None:
    _begin(shipped, tmp_path, kind=ChangeKind.CLOCK_STOP)
    (stop,) = read_draft(tmp_path, "NEW-2030").rows[ClockStop]
    assert isinstance(stop, ClockStop)
    assert (stop.starts_on, stop.rule_kinds) == (DAY, ()) and CHECK in (stop.notes or "")
    assert read_draft(tmp_path, "NEW-2030").rows[Rule] == ()


def test_versions_that_are_no_letters_are_followed_by_the_name_of_the_change(
    seeds: SeedFiles, tmp_path: Path
) -> None:
    row = seeds.row_of("law/rules.csv", rule_id="LAB31_G2_5_TALKS_6M", version="C")
    seeds.set("law/rules.csv", row, "version", "2026-wording")
    _begin(load_registry(seeds.folder), tmp_path / "drafts", process_ids=("kontanthjaelp",))
    versions = {
        one.rule_id: one.version for one in read_draft(tmp_path / "drafts", "NEW-2030").rows[Rule]  # type: ignore[attr-defined]
    }
    assert versions["LAB31_G2_5_TALKS_6M"] == "NEW-2030"


# The examples of each kind of rule

def _rule(**cells: object) -> Rule:
    given = {
        "row": 1, "line": 2, "rule_id": "R", "version": "A", "regime_id": "kontanthjaelp__20300101",
        "change_id": "NEW-2030", "applies_to_target_groups": "6.2", "certainty": "uncertain",
        "title_da": 'Om "R"', "title_en": "R", "required_activity_id": "JOBSAMTALE",
        "responsible_party": "municipality", "legal_basis_url": None, "anchor_activity_id": None,
    }
    return Rule.model_validate({name: None for name in Rule.columns()} | given | cells)


WINDOW = {
    "anchor_activity_id": "FOERSTE_HENVENDELSE", "clock": "calendar", "window_from": "0",
    "window_to": "1", "window_unit": "month",
}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"kind": "deadline", **WINDOW}, ["fulfilled", {"outcome": "breached", "days_late": 1}]),
        ({"kind": "min_count", "min_count": "2", **WINDOW}, ["fulfilled", "breached"]),
        ({"kind": "population_share", "min_count": "2", "share_required": "0.8", **WINDOW},
         [{"n_cohort": 4, "n_reached": 4, "quota_met": True},
          {"n_cohort": 4, "n_reached": 3, "quota_met": False}]),
        ({"kind": "required"}, ["fulfilled", "breached"]),
        ({"kind": "required", **WINDOW}, ["fulfilled", "breached"]),
        ({"kind": "forbidden"}, ["fulfilled", "breached"]),
        ({"kind": "forbidden", **WINDOW}, ["fulfilled", "breached"]),
        ({"kind": "precedence", "anchor_activity_id": "INDSATS_START"}, ["fulfilled", "breached"]),
        ({"kind": "deadline", **WINDOW, "clock": "accumulated_unemployment"},
         [{"outcome": "not_computable", "reason": "clock_not_in_data"}]),
    ],
)
def test_the_examples_of_each_kind_say_what_is_expected(
    shipped: Registry, cells: dict[str, object], expected: list[object]
) -> None:
    text = examples_text(_rule(**cells), shipped.process("kontanthjaelp"), DAY, "NEW-2030")
    told = yaml.safe_load(text)
    assert told["about"] == 'Om "R"'
    assert [one["expect"] for one in told["scenarios"]] == expected
    for one in told["scenarios"]:
        for course in one.get("cases") or [one["given"]]:
            assert course["registered"] == DAY
            days = [date.fromisoformat(event[:10]) for event in course.get("events", [])]
            assert days == sorted(days)
            assert all(day <= one["as_of"] for day in (*days, course.get("closed", DAY)))


def test_a_window_of_months_ends_on_the_last_day_of_a_shorter_month(shipped: Registry) -> None:
    rule = _rule(kind="deadline", **WINDOW | {"window_to": "6"})
    text = examples_text(rule, shipped.process("kontanthjaelp"), date(2030, 8, 31), "NEW-2030")
    in_time, late = yaml.safe_load(text)["scenarios"]
    assert in_time["given"]["events"] == ["2031-02-28 JOBSAMTALE municipality"]
    assert late["given"]["events"] == ["2031-03-01 JOBSAMTALE municipality"]


def test_the_act_that_opens_a_window_and_an_anchor_inside_the_course_are_told(
    shipped: Registry,
) -> None:
    rule = _rule(kind="deadline", **WINDOW | {
        "anchor_activity_id": "INDSATS_START", "opens_activity_id": "OVERGANG_KOMMUNE",
        "scope_funds": "3F", "scope_municipalities": "901",
    })
    text = examples_text(rule, shipped.process("kontanthjaelp"), DAY, "NEW-2030")
    given = yaml.safe_load(text)["scenarios"][0]["given"]
    assert given["events"] == [
        "2030-01-01 INDSATS_START", "2030-01-01 OVERGANG_KOMMUNE", "2030-02-01 JOBSAMTALE municipality",
    ]
    assert (given["fund"], given["municipality"]) == ("3F", "901")
