"""What differs between two days of the law, and what the difference touches."""

import json
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.law.diff import LawDiff, Reader, compare, points_of
from pm_pipeline.law.diff.activities import ActivityRole
from pm_pipeline.law.diff.changes import Turn
from pm_pipeline.law.diff.mappings import CodeTurn
from pm_pipeline.law.diff.models import KpiChange
from pm_pipeline.law.diff.rules import RuleDiff, RuleFate
from pm_pipeline.law.diff.wording import ASPECTS, NOT_COMPARED
from pm_pipeline.registry import Registry, Rule, load_registry
from tests.conftest import SHIPPED_SEEDS, SeedFiles

SUITES = SHIPPED_SEEDS.parents[1] / "expectations" / "regimes"
RULES = "law/rules.csv"
STOPS, EXEMPTIONS = "law/clock_stops.csv", "law/exemptions.csv"
MAPPINGS = "mapping/activity_mappings.csv"
INSURED, CASH = "forsikrede_ledige", "kontanthjaelp"
ALL = ("901", "902", "903", "904", "905")
NONE: frozenset[str] = frozenset()
_OUTCOMES = frozenset({"rule_id", "rule_version"})
TALKS = Reader(
    "kpi_talks_in_window", "marts", _OUTCOMES, frozenset({"min_count"}), frozenset({"talk"}), True
)
SUMMARY = Reader("rule_outcomes_summary", "marts", _OUTCOMES, NONE, NONE, True)
FIRST_TALK = Reader(
    "kpi_time_to_first_talk", "marts", _OUTCOMES, frozenset({"deadline"}), frozenset({"talk"}), True, 0
)
SHARES = Reader("rule_shares", "marts", _OUTCOMES, frozenset({"population_share"}), NONE, True)
CASES = Reader("quality_cases", "quality", NONE, NONE, NONE, False)
JUDGED = Reader("int_events_judged", "intermediate", NONE, NONE, NONE, True)
READERS = {
    "rules": (TALKS, FIRST_TALK, SUMMARY, SHARES), "clock_stops": (SUMMARY, TALKS),
    "exemptions": (SUMMARY,),
    "regimes": (CASES,), "activity_mappings": (JUDGED, CASES),
}
DELIVERED = {
    "901": frozenset({"momentum"}), "902": frozenset({"momentum"}), "903": frozenset({"fasit"}),
    "904": frozenset({"fasit"}), "905": NONE,
}


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load_registry(SHIPPED_SEEDS)


def diff_of(
    registry: Registry, first: str, second: str | None = None, *, roots: Sequence[Path] = (SUITES,)
) -> LawDiff:
    before, after = points_of(registry, first, second)
    return compare(
        (registry, before), (registry, after), suite_roots=roots, readers=READERS, deliveries=DELIVERED
    )


def rule(diff: LawDiff, process_id: str, rule_id: str) -> RuleDiff:
    (found,) = [
        one for process in diff.processes if process.process_id == process_id
        for one in process.rules if one.rule_id == rule_id
    ]
    return found


def said(diff: RuleDiff) -> dict[str, tuple[str, str]]:
    """Column → the change of it in Danish and in English."""
    return {
        one.columns[-1]: (
            f"{one.before and one.before.da} → {one.after and one.after.da}",
            f"{one.before and one.before.en} → {one.after and one.after.en}",
        )
        for one in diff.fields
    }


def test_reform_1b_makes_a_duty_of_each_case_a_share_of_the_group(shipped: Registry) -> None:
    diff = diff_of(shipped, "REFORM-1B")
    assert (diff.before.day, diff.after.day) == (date(2026, 6, 30), date(2026, 7, 1))
    (insured,) = [one for one in diff.processes if one.process_id == INSURED]
    assert insured.before and insured.before.regime_id == f"{INSURED}__20240101"
    assert insured.after and insured.after.regime_id == f"{INSURED}__20260701"
    talks = rule(diff, INSURED, "LAB31_G1_MUNICIPALITY_TALKS_6M")
    assert talks.fate is RuleFate.CHANGED
    told = said(talks)
    assert told["version"] == ("B → C", "B → C")
    assert told["min_count"] == ("mindst 3 → mindst 2", "at least 3 → at least 2")
    assert told["share_required"] == ("None → mindst 75 pct.", "None → at least 75 pct.")
    assert told["kind"][1].startswith("least number in each case → share of the group")
    assert not {"window_unit", "anchor_activity_id", "responsible_party"} & set(told)


def test_a_figure_has_the_rows_of_the_rules_of_its_kind_and_no_others(shipped: Registry) -> None:
    kpis = {one.name: one.rows for one in diff_of(shipped, "REFORM-1B").kpis}
    talks = {one.rule_id: (one.before, one.after) for one in kpis["kpi_talks_in_window"]}
    shares = {one.rule_id: (one.before, one.after) for one in kpis["rule_shares"]}
    outcomes = {one.rule_id: (one.before, one.after) for one in kpis["rule_outcomes_summary"]}
    moved = "LAB31_G1_MUNICIPALITY_TALKS_6M"
    assert talks[moved] == ("B", None)
    assert shares[moved] == (None, "C")
    assert outcomes[moved] == ("B", None)  # no single case can breach a share
    assert "LAB31_G2_5_FIRST_TALK_1W" not in talks  # a deadline is no number of talks


def test_contact_2024_adds_removes_and_changes_rules(shipped: Registry) -> None:
    diff = diff_of(shipped, "CONTACT-2024")
    assert rule(diff, INSURED, "LAB31_G1_FUND_TALKS_3M").fate is RuleFate.ADDED
    assert rule(diff, INSURED, "LAB25_G1_CV_TALK_2W").fate is RuleFate.REMOVED
    told = said(rule(diff, INSURED, "LAB31_G1_MUNICIPALITY_TALKS_6M"))
    assert told["min_count"] == ("mindst 4 → mindst 3", "at least 4 → at least 3")
    assert told["responsible_party"] == (
        "kommunen → kommunen eller kommune og a-kasse sammen",
        "the municipality → the municipality or municipality and fund together",
    )
    assert told["required_activity_id"][0] == (
        "Jobsamtale → Jobsamtale, Fælles jobsamtale (kommune og a-kasse)"
    )
    turns = {one.change.change_id: one.turn for one in diff.changes.compared}
    assert turns["CONTACT-2024"] is Turn.BEGINS
    assert turns["AKASSE-TRIAL"] is turns["YOUTH-TRIAL"] is Turn.ENDS
    roles = {one.activity_id: {part.role for part in one.parts} for one in diff.activities}
    assert ActivityRole.ANCHOR in roles["TILMELDT"]
    assert ActivityRole.REQUIRED in roles["CV_SAMTALE"]


def test_wordings_of_one_version_are_set_against_each_other_before_others_are(
    seeds: SeedFiles,
) -> None:
    rule_id = "LAB31_G1_MUNICIPALITY_TALKS_6M"
    row = seeds.row_of(RULES, rule_id=rule_id, regime_id=f"{INSURED}__20200101")
    seeds.add_copy(RULES, row, regime_id=f"{INSURED}__20240101")
    diff = diff_of(load_registry(seeds.folder), "CONTACT-2024")
    (insured,) = [one for one in diff.processes if one.process_id == INSURED]
    fates = {
        one.after.version: one.fate for one in insured.rules if one.rule_id == rule_id and one.after
    }
    assert fates == {"A": RuleFate.CARRIED, "B": RuleFate.ADDED}


def test_a_rule_of_which_only_the_certainty_differs_is_the_same_duty_told_otherwise(
    seeds: SeedFiles,
) -> None:
    row = seeds.row_of(
        RULES, rule_id="LAB31_G2_5_FIRST_TALK_1W", regime_id=f"{CASH}__20240101"
    )
    diff = diff_of(load_registry(seeds.folder), "CONTACT-2024")
    talk = rule(diff, CASH, "LAB31_G2_5_FIRST_TALK_1W")
    assert talk.fate is RuleFate.RETOLD and set(said(talk)) == {"version", "certainty"}
    assert (CASH, "LAB31_G2_5_FIRST_TALK_1W") in diff.touched_rules
    parts = {part for one in diff.activities for part in one.parts}
    assert not any("LAB31_G2_5_FIRST_TALK_1W" in part.ids for part in parts)
    seeds.set(RULES, row, "window_to", "2")
    diff = diff_of(load_registry(seeds.folder), "CONTACT-2024")
    talk = rule(diff, CASH, "LAB31_G2_5_FIRST_TALK_1W")
    assert talk.fate is RuleFate.CHANGED
    assert said(talk)["window_unit"] == (
        "inden for 1 uge → inden for 2 uger", "within 1 week → within 2 weeks"
    )
    parts = {part for one in diff.activities for part in one.parts}
    assert any("LAB31_G2_5_FIRST_TALK_1W" in part.ids for part in parts)


def test_the_suites_of_the_two_regimes_are_set_against_each_other(shipped: Registry) -> None:
    suites = {one.process_id: one for one in diff_of(shipped, "CONTACT-2024").suites}
    insured = suites[INSURED]
    assert {one.rule_id for one in insured.added} == {"FL24-001", "FL24-002"}
    assert "EV-009" in insured.retired and not insured.restored
    assert not insured.lacks_suite
    suites = {one.process_id: one for one in diff_of(shipped, "REFORM-1B").suites}
    carried = {(was.rule_id, now.rule_id) for was, now in suites[INSURED].carried}
    assert ("FL24-001", "FL26-001") in carried
    replaced = {(was.rule_id, now.rule_id) for was, now in suites[CASH].replaced}
    assert replaced == {("KH24-001", "KH26-001")}
    assert {one.rule_id for one in suites[CASH].removed} == {"KH24-002"}


def test_a_regime_without_a_suite_is_told_and_a_file_that_is_none_is_named(
    shipped: Registry, tmp_path: Path
) -> None:
    folder = tmp_path / f"{INSURED}__20240101"
    folder.mkdir()
    lacking = {
        one.process_id: one for one in diff_of(shipped, "CONTACT-2024", roots=[tmp_path]).suites
    }
    assert lacking[INSURED].lacks_suite
    broken = folder / "quality_cases.json"
    for text, told in (("{", "not JSON"), ('{"name": "x"}', "another form"), ("[1]", "another form")):
        broken.write_text(text)
        with pytest.raises(PipelineError, match=rf"quality_cases\.json: .*{told}"):
            diff_of(shipped, "CONTACT-2024", roots=[tmp_path])


def test_a_clock_stop_touches_the_rules_it_stops_and_no_wording(shipped: Registry) -> None:
    diff = diff_of(shipped, "COVID-1")
    assert not diff.touched_rules and not diff.is_empty
    (stop,) = diff.clock_stops
    assert stop.turn is Turn.BEGINS
    assert {"LAB31_G1_MUNICIPALITY_TALKS_6M", "LAB31_G2_5_FIRST_TALK_1W"} <= set(stop.rule_ids)
    assert "LAB31_G1_FUND_TALKS_3M" not in stop.rule_ids  # of 2024
    assert [one.municipality_id for one in diff.municipalities] == [*ALL]
    (talks,) = [one for one in diff.kpis if one.name == "kpi_talks_in_window"]
    assert {one.change for one in talks.rows} == {KpiChange.DAYS}
    passed = diff_of(shipped, "2020-01-15", "2020-12-01").clock_stops
    assert [(one.stop.stop_id, one.turn, one.rule_ids) for one in passed] == [
        ("COVID-1", Turn.PASSES, stop.rule_ids),
        # this one names its rules
        ("COVID-1-G1", Turn.PASSES,
         ("LAB102_G1_OFFER_6M", "LAB31_G1_MUNICIPALITY_TALKS_6M", "LAB32_G1_TALK_16M")),
    ]


def test_a_talk_that_may_not_come_before_six_months_is_no_first_talk(shipped: Registry) -> None:
    (first,) = [
        one for one in diff_of(shipped, "REFORM-1B").kpis if one.name == "kpi_time_to_first_talk"
    ]
    told = {row.rule_id for row in first.rows}
    assert "LAB31_G1_FUND_FIRST_TALK_2W" in told
    assert "LAB32_G1_TALK_16M" not in told


def test_a_regional_stop_touches_the_municipalities_of_its_regions(seeds: SeedFiles) -> None:
    seeds.set(STOPS, seeds.row_of(STOPS, stop_id="COVID-1"), "scope_regions", "Sjælland|Nordjylland")
    diff = diff_of(load_registry(seeds.folder), "COVID-1")
    assert [one.municipality_id for one in diff.municipalities] == ["903", "905"]


def test_the_changes_that_took_effect_in_between_are_told_though_they_touch_no_rule(
    shipped: Registry,
) -> None:
    diff = diff_of(shipped, "REFORM-1A")
    assert [one.change.change_id for one in diff.changes.compared] == ["REFORM-1A"]
    assert diff.is_empty and not diff.municipalities


def test_a_code_that_is_retired_ends_for_those_who_deliver_its_system(seeds: SeedFiles) -> None:
    row = seeds.row_of(MAPPINGS, mapping_id="FAS-021")
    seeds.set(MAPPINGS, row, "valid_to", "2025-07-01")
    seeds.set(MAPPINGS, row, "change_id", "KONTANT-2025")
    diff = diff_of(load_registry(seeds.folder), "KONTANT-2025")
    (code,) = [one for one in diff.mappings if one.system_id == "fasit"]
    assert (code.turn, code.source_code, code.after) == (CodeTurn.ENDS, "Ansøgning modtaget", None)
    touched = {
        one.municipality_id: one.is_sure for one in diff.municipalities
        if any("fasit" in reason.words.en for reason in one.reasons)
    }
    assert touched == {"903": True, "904": True, "905": False}  # 905 has delivered nothing yet
    (activity,) = [one for one in diff.activities if one.activity_id == "ANSOEGNING_MODTAGET"]
    assert activity.parts[0].role is ActivityRole.MAPPED
    assert activity.parts[0].ids == ("fasit haendelser Ansøgning modtaget",)
    assert "activity_mappings" in diff.seeds
    assert ("int_events_judged", ("activity_mappings",)) in {
        (one.name, one.reads) for one in diff.models
    }


def test_a_mapping_of_its_own_touches_that_municipality_only(seeds: SeedFiles) -> None:
    row = seeds.row_of(MAPPINGS, mapping_id="FAS-010")
    seeds.add_copy(
        MAPPINGS, row, mapping_id="FAS-010-904", municipality_id="904", activity_id="FAELLESSAMTALE",
        valid_from="2025-03-01",
    )
    diff = diff_of(load_registry(seeds.folder), "2025-02-28", "2025-03-01")
    (code,) = diff.mappings
    assert (code.municipality_id, code.turn) == ("904", CodeTurn.CHANGES)
    assert code.before and code.before.activity_id == "JOBSAMTALE"  # the common row's, until then
    assert [one.municipality_id for one in diff.municipalities] == ["904"]


def test_who_has_a_mapping_of_its_own_is_not_touched_by_the_common_one(seeds: SeedFiles) -> None:
    row = seeds.row_of(MAPPINGS, mapping_id="FAS-010")
    seeds.add_copy(MAPPINGS, row, mapping_id="FAS-010-904", municipality_id="904")
    seeds.add_copy(
        MAPPINGS, row, mapping_id="FAS-010-B", activity_id="ANDEN_SAMTALE", valid_from="2025-03-01"
    )
    seeds.set(MAPPINGS, row, "valid_to", "2025-03-01")
    diff = diff_of(load_registry(seeds.folder), "2025-02-28", "2025-03-01")
    assert [(one.turn, one.own_elsewhere) for one in diff.mappings] == [(CodeTurn.CHANGES, ("904",))]
    assert [one.municipality_id for one in diff.municipalities] == ["903", "905"]


def test_another_row_with_the_same_meaning_touches_nobody(seeds: SeedFiles) -> None:
    row = seeds.row_of(MAPPINGS, mapping_id="FAS-010")
    seeds.add_copy(MAPPINGS, row, mapping_id="FAS-010-B", valid_from="2025-03-01")
    seeds.set(MAPPINGS, row, "valid_to", "2025-03-01")
    diff = diff_of(load_registry(seeds.folder), "2025-02-28", "2025-03-01")
    assert [one.turn for one in diff.mappings] == [CodeTurn.SAME_MEANING]
    assert not diff.municipalities and not diff.activities


def test_a_rule_of_some_municipalities_touches_those_only(seeds: SeedFiles) -> None:
    """The regime stays: only its rules differ, as they do under a draft."""
    before = load_registry(seeds.folder)
    row = seeds.row_of(
        RULES, rule_id="LAB31_G1_FUND_TALKS_3M", regime_id=f"{INSURED}__20240101"
    )
    seeds.add_copy(
        RULES, row, rule_id="TRIAL_TALKS", scope_municipalities="902|101", scope_funds="HK|Krifa",
        replaces_rule_id="LAB31_G1_FUND_TALKS_3M",
    )
    first, last = points_of(before, "2025-02-28", "2025-03-01")
    diff = compare(
        (before, first), (load_registry(seeds.folder), last), suite_roots=[SUITES], readers=READERS,
        deliveries=DELIVERED,
    )
    assert diff.touched_rules == {(INSURED, "TRIAL_TALKS")}
    assert [one.municipality_id for one in diff.municipalities] == ["902"]  # 101 takes no part
    assert "HK, Krifa" in diff.municipalities[0].reasons[0].words.da


def test_an_exemption_touches_the_rules_it_bends(seeds: SeedFiles) -> None:
    header = seeds.read(EXEMPTIONS)[0]
    cells = {
        "exemption_id": "ABSENCE", "change_id": "CONTACT-2024", "effect": "removes_days",
        "rule_id": "LAB31_G2_5_TALKS_6M", "begins_activity_id": "FRAVAER_START",
        "ends_activity_id": "FRAVAER_SLUT", "legal_basis_url": "https://www.elov.dk",
        "certainty": "uncertain", "title_da": "Fravær", "title_en": "Absence",
    }
    seeds.write(EXEMPTIONS, [header, [cells.get(name, "") for name in header]])
    diff = diff_of(load_registry(seeds.folder), "CONTACT-2024")
    (bent,) = diff.exemptions
    assert (bent.turn, bent.rule_ids) == (Turn.BEGINS, ("LAB31_G2_5_TALKS_6M",))
    (summary,) = [one for one in diff.kpis if one.name == "rule_outcomes_summary"]
    assert [one.rule_id for one in summary.rows].count("LAB31_G2_5_TALKS_6M") == 1
    roles = {one.activity_id: one.parts[0].role for one in diff.activities}
    assert roles["FRAVAER_START"] is ActivityRole.BEGINS_EXEMPTION
    assert roles["FRAVAER_SLUT"] is ActivityRole.ENDS_EXEMPTION


def test_nothing_differs_between_two_days_of_one_regime(seeds: SeedFiles) -> None:
    diff = diff_of(load_registry(seeds.folder), "2024-03-01", "2024-03-02")
    assert diff.is_empty
    assert not (diff.models or diff.kpis or diff.activities or diff.suites or diff.municipalities)


def test_what_is_not_law_or_has_no_day_is_told_apart_and_compared_with_nothing(
    shipped: Registry,
) -> None:
    changes = diff_of(shipped, "2026-08-01", "2027-06-01").changes
    assert {one.change_id for one in changes.not_law} == {"REFORM-2", "AKASSE-TRIAL-2027"}
    assert {"HOI", "VIDEO-2023", "RESSOURCE-END"} <= {one.change_id for one in changes.day_unknown}
    assert not any(not one.change.is_law for one in changes.compared)
    assert not diff_of(shipped, "2026-08-01", "2026-12-31").changes.not_law
    assert not diff_of(shipped, "REFORM-1B").changes.not_law


def test_what_began_on_the_first_day_itself_is_no_difference(shipped: Registry) -> None:
    diff = diff_of(shipped, "2026-07-01", "2026-07-02")
    assert diff.is_empty and not diff.changes.compared and not diff.seeds


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("2026-07-01", "2024-01-01", r"later than 2024-01-01.*name the earlier of the two first"),
        ("REFORM-1B", "CONTACT-2024", r"REFORM-1B is 2026-06-30, later than CONTACT-2024"),
        ("NO-SUCH-LAW", None, r"no legal change and no regime.*REFORM-1B.*forsikrede_ledige__20240101"),
        ("2024-02-30", None, r"no day of the calendar"),
        ("REFORM-2", None, r"is announced, not law \(law/legal_changes\.csv row \d+\)"),
        ("SICK-FOLLOWUP", None, r"the day .* is unknown .* name two days"),
    ],
)
def test_a_call_that_means_no_two_days_is_a_wrong_call(
    shipped: Registry, first: str, second: str | None, told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        points_of(shipped, first, second)


def test_a_regime_is_its_first_day_and_a_change_named_first_the_day_before(shipped: Registry) -> None:
    first, last = points_of(shipped, f"{INSURED}__20200101", f"{INSURED}__20260701")
    assert (first.day, last.day) == (date(2020, 1, 1), date(2026, 7, 1))
    first, last = points_of(shipped, "CONTACT-2024", "REFORM-1B")
    assert (first.day, last.day) == (date(2023, 12, 31), date(2026, 7, 1))
    (insured,) = [
        one for one in diff_of(shipped, f"{INSURED}__20200101", "REFORM-1B").processes
        if one.process_id == INSURED
    ]
    assert f"{INSURED}__20240101" in {one.regime_id for one in insured.passed}


def test_every_column_of_a_rule_is_compared_or_left_out_on_purpose() -> None:
    compared = [column for columns, _, _ in ASPECTS for column in columns]
    assert sorted([*compared, *NOT_COMPARED]) == sorted(Rule.columns())


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The shipped register with codes, stops, trials and versions that begin and end at odd days."""
    import shutil

    seeds = SeedFiles(tmp_path_factory.mktemp("rich") / "seeds")
    shutil.copytree(SHIPPED_SEEDS, seeds.folder)
    talk = seeds.row_of(MAPPINGS, mapping_id="FAS-010")
    seeds.add_copy(
        MAPPINGS, talk, mapping_id="A", valid_from="2022-05-01", valid_to="2024-01-01",
        activity_id="ANDEN_SAMTALE",
    )
    seeds.add_copy(MAPPINGS, talk, mapping_id="B", valid_from="2024-01-01")
    seeds.add_copy(
        MAPPINGS, talk, mapping_id="C", municipality_id="904", valid_from="2021-01-01",
        valid_to="2023-02-01", activity_id="FAELLESSAMTALE",
    )
    seeds.set(MAPPINGS, talk, "valid_to", "2022-05-01")
    carried = seeds.row_of(
        RULES, rule_id="LAB31_G2_5_FIRST_TALK_1W", regime_id=f"{CASH}__20240101"
    )
    seeds.add_copy(RULES, carried, regime_id=f"{CASH}__20260701")
    trial = seeds.row_of(
        RULES, rule_id="LAB31_G1_MUNICIPALITY_TALKS_6M", regime_id=f"{INSURED}__20200101"
    )
    seeds.add_copy(RULES, trial, rule_id="TRIAL", scope_municipalities="902|903")
    seeds.add_copy(
        RULES, trial, version="A2", applies_to_target_groups="6.1", min_count="5",
        scope_municipalities="905",
    )
    seeds.set(STOPS, seeds.row_of(STOPS, stop_id="COVID-1"), "scope_regions", "Sjælland")
    return load_registry(seeds.folder)


def days(registry: Registry, seed: int) -> Callable[[], date]:
    """A draw of days: every other one beside a boundary of the register."""
    chance = random.Random(seed)
    boundaries = sorted({
        day for row in (*registry.regimes, *registry.mappings, *registry.clock_stops)
        for day in (
            getattr(row, "valid_from", None), getattr(row, "valid_to", None),
            getattr(row, "starts_on", None), getattr(row, "ends_on", None),
        ) if day is not None
    })

    def draw() -> date:
        if chance.random() < 0.5:
            return chance.choice(boundaries) + timedelta(days=chance.randint(-1, 1))
        return date(2019, 6, 1) + timedelta(days=chance.randrange(3000))

    return draw


def in_force(registry: Registry, day: date) -> set[tuple[str, str, str]]:
    """(process, rule, what it says) of every row of the register that holds on the day."""
    found = set()
    for row in registry.rules:
        regime = registry.regime(row.regime_id)
        if regime.valid_from <= day and (regime.valid_to is None or day < regime.valid_to):
            says = row.model_dump(mode="json", exclude={"row", "line", *NOT_COMPARED})
            found.add((regime.process_id, row.rule_id, json.dumps(says)))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_a_difference_touches_exactly_the_rules_whose_rows_in_force_differ(
    rich: Registry, seed: int
) -> None:
    draw = days(rich, seed)
    first, last = sorted((draw(), draw()))
    differing = in_force(rich, first) ^ in_force(rich, last)
    diff = diff_of(rich, str(first), str(last))
    assert diff.touched_rules == {(process_id, rule_id) for process_id, rule_id, _ in differing}


def touched(diff: LawDiff) -> set[tuple[str, str]]:
    """Everything a difference touches, by kind and id."""
    return {
        *(("rule", f"{process} {rule_id}") for process, rule_id in diff.touched_rules),
        *(("change", one.change.change_id) for one in diff.changes.compared),
        *(("process", one.process_id) for one in diff.processes),
        *(("stop", one.stop.stop_id) for one in diff.clock_stops),
        *(("exemption", one.exemption.exemption_id) for one in diff.exemptions),
        *(("code", f"{one.system_id} {one.source_table} {one.source_code} {one.municipality_id}")
          for one in diff.mappings),
        *(("activity", one.activity_id) for one in diff.activities),
        *(("seed", one) for one in diff.seeds),
        *(("model", one.name) for one in diff.models),
        *(("municipality", one.municipality_id) for one in diff.municipalities),
    }


@pytest.mark.parametrize("seed", range(60))
def test_what_differs_over_a_whole_span_differs_in_one_of_its_parts(rich: Registry, seed: int) -> None:
    draw = days(rich, 1000 + seed)
    first, middle, last = (str(day) for day in sorted((draw(), draw(), draw())))
    whole = touched(diff_of(rich, first, last))
    parts = touched(diff_of(rich, first, middle)) | touched(diff_of(rich, middle, last))
    assert whole <= parts
