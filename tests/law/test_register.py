"""The law register is whole, and each way of breaking it is told with file and row."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.law.register import check, regime_of, validate
from pm_pipeline.registry import Registry, RuleKind, load_registry
from pm_pipeline.registry.vocabulary import RuleClock

SHIPPED_SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
CHANGES, REGIMES, RULES = "law/legal_changes.csv", "law/regimes.csv", "law/rules.csv"
EXEMPTIONS = "law/exemptions.csv"
STOPS, MAPPINGS = "law/clock_stops.csv", "mapping/activity_mappings.csv"
PROCESSES, INITIATIVES = "registry/processes.csv", "registry/initiatives.csv"
SIZES, REORGANISATIONS = "registry/unit_sizes.csv", "registry/reorganisations.csv"
WHAT_IFS = "registry/what_ifs.csv"
ACCEPTED, COMPARISONS = "registry/accepted_deviations.csv", "registry/comparisons.csv"
VERDICTS = "registry/expert_verdicts.csv"
# The first rule of each kind in the shipped seed.
MIN_COUNT, DEADLINE, SHARE = 1, 2, 6


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load_registry(SHIPPED_SEEDS)


def test_the_shipped_register_is_whole(shipped: Registry) -> None:
    assert validate(shipped) == []
    check(shipped)


LAW_OF_TALKS = [
    (date(2020, 1, 1), None, "20200101"),
    (date(2024, 1, 1), "20200101", "20240101"),
    (date(2026, 7, 1), "20240101", "20260701"),
]
LAW_OF_COURSES = [(date(2020, 1, 1), None, "20200101"), (date(2022, 1, 1), "20200101", "20220101")]


@pytest.mark.parametrize(
    ("process_id", "law_starts_on", "before", "after"),
    [
        *[("forsikrede_ledige", *one) for one in LAW_OF_TALKS],
        *[("kontanthjaelp", *one) for one in LAW_OF_TALKS],
        *[("ressourceforloeb", *one) for one in LAW_OF_COURSES],
    ],
)
def test_a_case_registered_on_the_day_a_law_starts_gets_the_new_regime(
    shipped: Registry, process_id: str, law_starts_on: date, before: str | None, after: str
) -> None:
    day_before = law_starts_on.fromordinal(law_starts_on.toordinal() - 1)
    day_after = law_starts_on.fromordinal(law_starts_on.toordinal() + 1)
    assert _regime_id(shipped, process_id, day_before) == (before and f"{process_id}__{before}")
    assert _regime_id(shipped, process_id, law_starts_on) == f"{process_id}__{after}"
    assert _regime_id(shipped, process_id, day_after) == f"{process_id}__{after}"


def _regime_id(registry: Registry, process_id: str, day: date) -> str | None:
    regime = regime_of(registry, process_id, day)
    return regime.regime_id if regime else None


def test_the_regime_of_an_unknown_process_is_a_wrong_call(shipped: Registry) -> None:
    with pytest.raises(UsageError, match=r"unknown process .permits.: known in"):
        regime_of(shipped, "permits", date(2024, 1, 1))


def test_what_is_only_announced_or_enacted_feeds_nothing(shipped: Registry) -> None:
    not_law = {one.change_id for one in shipped.changes if not one.is_law}
    assert not_law == {
        "HOI", "REFORM-2", "AKASSE-TRIAL-2027", "VIDEO-2023", "RESSOURCE-END", "SICK-2026",
    }
    fed_by = {
        *(one.change_id for one in shipped.regimes), *(one.change_id for one in shipped.rules),
        *(one.change_id for one in shipped.clock_stops),
        *(one.change_id for one in shipped.exemptions),
    }
    assert not fed_by & not_law


def test_every_rule_of_the_shipped_register_was_law_when_its_regime_began(shipped: Registry) -> None:
    """A rule comes from the change that began its regime, or stands unchanged since an older one."""
    took_effect = {one.change_id: one.effective_on for one in shipped.changes}
    for rule in shipped.rules:
        regime = shipped.regime(rule.regime_id)
        effective_on = took_effect[rule.change_id]
        assert effective_on is not None and effective_on <= regime.valid_from, rule
        assert rule.change_id in {regime.change_id, "LAB-2020"}, rule


def test_only_the_law_from_july_2026_asks_for_shares_and_only_for_those_near_work(
    shipped: Registry,
) -> None:
    shares = {
        (one.rule_id, one.version, one.applies_to_target_groups)
        for one in shipped.rules if one.kind is RuleKind.POPULATION_SHARE
    }
    assert shares == {
        ("LAB31_G1_FUND_TALKS_3M", "C", ("6.1",)),
        ("LAB31_G1_MUNICIPALITY_TALKS_6M", "C", ("6.1",)),
        ("LAB31_G2_5_TALKS_6M", "C", ("6.2",)),
        ("LAB102_G1_OFFER_6M", "C", ("6.1",)),
        ("LAB102_G2_5_OFFER_6M", "C", ("6.2", "6.4")),
    }
    assert {one.regime_id[-8:] for one in shipped.rules if one.version == "C"} == {"20260701"}


# Rules that do not run from the start of the case, and the act they run from.
ANCHORED_ELSEWHERE = {"LAB23_G2_CV_3W": "TILMELDT", "LOB9_TEAM_BEFORE_FLEXJOB": "AFGOERELSE_FLEKSJOB"}


def test_rules_run_from_the_start_of_the_case_but_for_two(shipped: Registry) -> None:
    for rule in shipped.rules:
        process = shipped.process(shipped.regime(rule.regime_id).process_id)
        if rule.rule_id in ANCHORED_ELSEWHERE:
            assert rule.anchor_activity_id == ANCHORED_ELSEWHERE[rule.rule_id]
            assert rule.anchor_activity_id not in process.start_activities
        else:
            assert rule.anchor_activity_id in process.start_activities, rule


def test_the_clock_of_unemployment_is_used_for_offers_to_the_insured_and_nothing_else(
    shipped: Registry,
) -> None:
    """Groups 2-5 and 8 are counted as one continuous period (LAB § 9): the calendar tells it."""
    uncounted = {
        one.rule_id for one in shipped.rules if one.clock is RuleClock.ACCUMULATED_UNEMPLOYMENT
    }
    assert uncounted == {"LAB102_G1_OFFER_6M"}


def test_the_resource_course_is_a_process_whose_regime_stays_open_while_its_end_has_no_day(
    shipped: Registry,
) -> None:
    assert shipped.process("ressourceforloeb").target_groups == ("6.8",)
    first, second = shipped.regimes_of("ressourceforloeb")
    assert (first.change_id, second.change_id) == ("LAB-2020", "RESSOURCE-2022")
    assert first.valid_to == second.valid_from == date(2022, 1, 1)
    assert second.valid_to is None
    ends = next(one for one in shipped.changes if one.change_id == "RESSOURCE-END")
    assert (ends.effective_on, ends.is_law) == (None, False)


def test_absence_removes_days_only_where_the_law_counts_unemployment(shipped: Registry) -> None:
    removing = {one.exemption_id: one for one in shipped.exemptions if one.effect == "removes_days"}
    assert set(removing) == {"LAB9_ABSENCE_G1", "LAB113_EXEMPT_PERIODS"}
    bent = set(removing["LAB9_ABSENCE_G1"].rule_id)
    assert {one.applies_to_target_groups for one in shipped.rules if one.rule_id in bent} == {("6.1",)}


def test_joint_talks_count_for_the_municipality_from_2024_and_not_before(shipped: Registry) -> None:
    counted = {
        one.version: one.required_activity_id for one in shipped.rules
        if one.rule_id == "LAB31_G1_MUNICIPALITY_TALKS_6M"
    }
    assert counted["A"] == ("JOBSAMTALE",)
    assert counted["B"] == ("JOBSAMTALE", "FAELLESSAMTALE")


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "told"),
    [
        # legal changes
        (CHANGES, 1, "reference_url", "elov.dk", "expected the web address .*found 'elov.dk'"),
        (CHANGES, 2, "ended_on", "2019-12-31", "a day after effective_on 2020-01-01"),
        (CHANGES, 2, "ended_on", "", "the day an ended change ended"),
        (CHANGES, 1, "announced_on", "2021-01-01", "a day not after effective_on 2020-01-01"),
        (CHANGES, 9, "effective_on", "", "the day a verified change took effect"),
        # regimes
        (REGIMES, 1, "valid_to", "2023-12-31", "found 2023-12-31: a gap"),
        (REGIMES, 1, "valid_to", "2024-01-02", "found 2024-01-02: an overlap"),
        (REGIMES, 5, "valid_to", "", "found an empty cell: an overlap"),
        (REGIMES, 3, "valid_to", "2026-07-01", "a day after valid_from 2026-07-01"),
        (REGIMES, 1, "change_id", "LAB-1999", "a known id .*found 'LAB-1999'"),
        (REGIMES, 3, "change_id", "HOI", "found 'HOI', which is announced"),
        (REGIMES, 3, "change_id", "VIDEO-2023", "found 'VIDEO-2023', which is enacted"),
        (REGIMES, 3, "change_id", "SICK-FOLLOWUP", "effective_on is known"),
        (REGIMES, 1, "change_id", "CONTACT-2024", "before 'CONTACT-2024' took effect"),
        (REGIMES, 4, "process_id", "permits", "found 'permits'"),
        (REGIMES, 2, "regime_id", "forsikrede_ledige__2024", "'forsikrede_ledige__20240101', made"),
        (REGIMES, 1, "ended_by_change_id", "HOI", "an empty cell: another regime follows"),
        (REGIMES, 3, "valid_to", "2027-01-01", "the change that ended the scheme on 2027-01-01"),
        # rules
        (RULES, 1, "legal_basis_url", "", "the web address .*found an empty cell"),
        (RULES, 1, "legal_basis_url", "§ 31", "the web address .*found '§ 31'"),
        (RULES, 1, "regime_id", "forsikrede_ledige__19990101", "found 'forsikrede_ledige__1999"),
        (RULES, 1, "change_id", "HOI", "found 'HOI', which is announced"),
        (RULES, SHARE, "change_id", "REFORM-2", "found 'REFORM-2', which is announced"),
        (RULES, 1, "change_id", "LAB-1999", "found 'LAB-1999'"),
        (RULES, 1, "applies_to_target_groups", "6.1|6.99", "found '6.99'"),
        (RULES, 1, "applies_to_target_groups", "6.1|6.2", r"known id \(6.1\), found '6.2'"),
        (RULES, 1, "scope_municipalities", "901|999", "found '999'"),
        (RULES, 1, "replaces_rule_id", "LAB25_G1_CV_TALK_2W", "a scope: a rule that covers everybody"),
        (RULES, 1, "opens_activity_id", "OVERGANG", "a known id .*found 'OVERGANG'"),
        (RULES, 1, "window_from", "-1", "0 or more: a window begins at its anchor"),
        (RULES, 1, "clock", "", "a value, which kind min_count needs"),
        (RULES, 1, "anchor_activity_id", "DANCE", "found 'DANCE'"),
        (RULES, 3, "required_activity_id", "JOBSAMTALE|DANCE", "found 'DANCE'"),
        (RULES, DEADLINE, "anchor_activity_id", "", "which kind deadline needs"),
        (RULES, DEADLINE, "required_activity_id", "", "which kind deadline needs"),
        (RULES, DEADLINE, "window_to", "", "which kind deadline needs"),
        (RULES, DEADLINE, "window_from", "", "which kind deadline needs"),
        (RULES, DEADLINE, "window_unit", "", "which kind deadline needs"),
        (RULES, DEADLINE, "min_count", "1", "as kind deadline does not read it, found 1"),
        (RULES, MIN_COUNT, "min_count", "", "which kind min_count needs"),
        (RULES, MIN_COUNT, "min_count", "0", "1 or more, found 0"),
        (RULES, MIN_COUNT, "share_required", "0.75", "as kind min_count does not read it"),
        (RULES, SHARE, "share_required", "", "which kind population_share needs"),
        (RULES, SHARE, "share_required", "75", "above 0 and up to 1, found 75"),
        (RULES, SHARE, "min_count", "", "which kind population_share needs"),
        (RULES, 1, "window_to", "0", "more than window_from 0, found 0"),
        (RULES, 1, "window_from", "7", "more than window_from 7, found 6"),
        # clock stops
        (STOPS, 1, "change_id", "LAB-2020", "of kind clock_stop, found 'LAB-2020' of kind rule"),
        (STOPS, 1, "change_id", "COVID-9", "found 'COVID-9'"),
        (STOPS, 1, "ends_on", "2020-03-12", "a day after starts_on 2020-03-12"),
        (STOPS, 1, "scope_regions", "Nordjylland|Skåne", "found 'Skåne'"),
        # mappings
        (MAPPINGS, 1, "system_id", "ky", "found 'ky'"),
        (MAPPINGS, 1, "municipality_id", "999", "found '999'"),
        (MAPPINGS, 1, "activity_id", "DANCE", "found 'DANCE'"),
        (MAPPINGS, 1, "change_id", "HOI", "found 'HOI', which is announced"),
        # processes
        (PROCESSES, 1, "target_groups", "6.1|6.99", "found '6.99'"),
        (PROCESSES, 1, "start_activities", "DANCE", "found 'DANCE'"),
        (PROCESSES, 2, "end_activities", "AFMELDT_JOB|DANCE", "found 'DANCE'"),
        (PROCESSES, 1, "case_notion", "week", "a known id .*found 'week'"),
        (PROCESSES, 1, "case_object_type", "citizen", "'course', as its case notion says"),
        ("registry/case_notions.csv", 2, "merge_gap_days", "-1", "0 days or more, found '-1'"),
        ("registry/case_notions.csv", 1, "merge_before", "2025-07-01", "the gap within which"),
        ("registry/case_notions.csv", 3, "merge_gap_days", "2", "notion of a citizen does not use it"),
        (INITIATIVES, 1, "municipality_id", "999", "a known id .*found '999'"),
        (INITIATIVES, 1, "process_id", "permits", "a known id .*found 'permits'"),
        (INITIATIVES, 1, "measure_item", "DANCE", "a known id .*found 'DANCE'"),
        (INITIATIVES, 1, "measure_item", "", "an activity that days_to_activity asks about, found an"),
        (INITIATIVES, 1, "measure", "share_rule_fulfilled", "a known id .*found 'AFGOERELSE_YDELSE'"),
        (INITIATIVES, 1, "measure", "n_talks", "an empty cell, as n_talks asks about none"),
        (INITIATIVES, 1, "measure", "share_with_activity", "a share, at most 1, found '8'"),
        (INITIATIVES, 1, "ends_on", "2024-05-01", r"a day after it starts \(2024-05-01\)"),
        (INITIATIVES, 1, "target_groups", "6.2|6.99", "found '6.99'"),
        (INITIATIVES, 2, "comparison_groups", "6.2", r"of the target \(6.2\), found '6.2'"),
        (INITIATIVES, 2, "comparison_groups", "6.2|6.3", r"without anyone of the target \(6.2\)"),
        (INITIATIVES, 1, "comparison_groups", "6.2", r"without anyone of the target \(all of the"),
        (INITIATIVES, 1, "comparison_units", "TEAM-JOB-1", r"column comparison_units: .*of the target"),
        (ACCEPTED, 1, "municipality_id", "999", "a known id .*found '999'"),
        (ACCEPTED, 1, "activity_ids", "CV_GODKENDT|DANCE", "a known id .*found 'DANCE'"),
        (ACCEPTED, 1, "activity_ids", "", "that is skipped or unexpected, found an empty cell"),
        (ACCEPTED, 1, "regime_id", "kontanthjaelp__20240101", "a known id .*found 'kontanthjaelp__"),
        (ACCEPTED, 1, "owner_role", "Hanne Jensen", "a role, .*found what looks like a person"),
        (ACCEPTED, 1, "owner_role", "leder@901.example", "a role, .*found what looks like a person"),
        (ACCEPTED, 1, "owner_role", "Leder 010203-1234", "a role, .*found what looks like a person"),
        (ACCEPTED, 1, "expires_on", "2026-01-01", r"a day after it was accepted \(2026-01-01\)"),
        (SIZES, 1, "municipality_id", "999", "a known id .*found '999'"),
        (SIZES, 1, "n_staff", "-1", "how many people work in the unit, 0 or more, found '-1'"),
        (SIZES, 1, "valid_to", "2019-01-01", r"a day after valid_from \(2019-01-01\)"),
        (SIZES, 2, "valid_to", "", "2023-01-01, when row 3 begins, found an empty cell"),
        (REORGANISATIONS, 1, "municipality_id", "999", "a known id .*found '999'"),
        (REORGANISATIONS, 1, "owner_role", "Hanne Jensen", "a role, .*found what looks like a person"),
        (REORGANISATIONS, 1, "ends_on", "2024-09-02", r"later than starts_on \(2024-09-02\)"),
        (WHAT_IFS, 1, "municipality_id", "999", "a known id .*found '999'"),
        (WHAT_IFS, 1, "process_id", "permits", "a known id .*found 'permits'"),
        (WHAT_IFS, 1, "activity_id", "DANCE", "a known id .*found 'DANCE'"),
        (WHAT_IFS, 1, "new_quota_days", "", "a change: another quota, another staffing, or both"),
        (WHAT_IFS, 1, "new_quota_days", "42", r"than the present one \(42\), found '42'"),
        (WHAT_IFS, 1, "staffing_factor", "1.0", r"than the present one \(1\), found '1.0'"),
        (COMPARISONS, 1, "second_filter_id", "kontanthjaelp/target_group/7.1", "a filter of mapping"),
        (COMPARISONS, 1, "first_filter_id", "closed_with_talk", "found 'closed_with_talk'"),
        (COMPARISONS, 1, "first_filter_id", "kontanthjaelp/", "found 'kontanthjaelp/'"),
        (
            COMPARISONS, 3, "second_filter_id", "forsikrede_ledige/registered_year/25",
            "write the filter",
        ),
        (
            COMPARISONS, 2, "second_filter_id", "kontanthjaelp/regime/kontanthjaelp__20240101",
            "of the process forsikrede_ledige, as the first is, found one of kontanthjaelp",
        ),
        (
            COMPARISONS, 2, "first_filter_id", "kontanthjaelp/regime/forsikrede_ledige__20200101",
            "a filter of mapping",
        ),
        (
            COMPARISONS, 1, "second_filter_id", "kontanthjaelp/target_group/6.2",
            "another filter than the first",
        ),
        (VERDICTS, 1, "municipality_id", "999", "a known id .*found '999'"),
        (VERDICTS, 1, "process_id", "permits", "a known id .*found 'permits'"),
        (VERDICTS, 1, "activity_ids", "DANCE", "a known id .*found 'DANCE'"),
        (VERDICTS, 1, "activity_ids", "", "the one activity that is judged, found none"),
        (VERDICTS, 1, "activity_ids", "TILMELDT|INDKALDT", "the one activity .*found 2 of them"),
        (VERDICTS, 3, "activity_ids", "TILMELDT", "the two of the edge, from|to, found 1 of them"),
        (VERDICTS, 4, "activity_ids", "", r"all activities of the path, a\|b\|c, found none"),
        (VERDICTS, 1, "judged_by_role", "Hanne Jensen", "a role, .*found what looks like a person"),
        (VERDICTS, 1, "reason_da", "Hanne Jensen", "about the work, found what looks like a person"),
        (VERDICTS, 1, "reason_en", "Ask h@901.example", "about the work, found what looks like"),
        (VERDICTS, 1, "reason_en", "Ring 12 34 56 78", "about the work, found what looks like"),
        (VERDICTS, 1, "notes", "Sagen 010203-1234", "about the work, found what looks like"),
        ("mapping/filters.csv", 1, "value", "permits", "a known id .*found 'permits'"),
        ("mapping/filters.csv", 1, "value", "kontanthjaelp|x", "one value: process takes no list"),
        ("mapping/filters.csv", 2, "value", "maybe", "true or false, found 'maybe'"),
        ("mapping/filters.csv", 2, "operator", "has", "is, as is_closed takes it, found 'has'"),
        ("mapping/filters.csv", 2, "value", "", "a value to compare with"),
        ("mapping/filters.csv", 3, "value", "DANCE", "a known id .*found 'DANCE'"),
        ("quality/log_rules.csv", 1, "process_id", "permits", "a known id .*found 'permits'"),
        ("quality/log_rules.csv", 1, "activity_id", "DANCE", "a known id .*found 'DANCE'"),
        ("quality/log_rules.csv", 1, "amount", "", "a rule of kind activity_frequency needs it"),
        ("quality/log_rules.csv", 1, "amount", "0", "at least 1, found '0'"),
        ("quality/log_rules.csv", 2, "unit", "day", "activity_frequency does not use it"),
        ("quality/log_rules.csv", 1, "regime_id", "moon", "a known id .*found 'moon'"),
        ("quality/log_rules.csv", 1, "regime_id", "kontanthjaelp__20240101", "regime of the process"),
        ("quality/log_rules.csv", 1, "allowed_percent", "100.5", "0 to 100, found '100.5'"),
        ("quality/time_artefacts.csv", 1, "local_time", "", r"the flag midnight is known by it"),
        ("quality/time_artefacts.csv", 1, "on_date", "1900-01-01", r"midnight does not use it"),
        ("quality/time_artefacts.csv", 2, "system_id", "ky", r"a known id .*found 'ky'"),
        ("quality/time_artefacts.csv", 6, "min_rows", "1", r"at least 2 rows, found '1'"),
    ],
)
def test_a_fault_of_the_register_is_told_with_file_row_and_column(
    seeds: Any, file: str, row: int, column: str, value: str, told: str
) -> None:
    seeds.set(file, row, column, value)
    with pytest.raises(PipelineError) as caught:
        check(load_registry(seeds.folder))
    line = next(one for one in str(caught.value).splitlines() if f"{file} row {row} " in one)
    caught.match(told)
    assert f"{file} row {row} (line {row + 1}), column " in line


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [
        ("related_activities activity_id=TILMELDT", "activity_id", "at least 2 activities"),
        ("related_activities", "activity_id", "related_activities needs it, found an empty cell"),
        ("activity_order activity_id=TILMELDT", "activity_id", "at least 2 activities"),
        ("missing_value attribute=registered_at amount=2", "amount", "missing_value does not use it"),
        ("missing_value", "attribute", "missing_value needs it, found an empty cell"),
        ("conditional_presence activity_id=TILMELDT attribute=target_group", "attribute_values",
         "conditional_presence needs it"),
        ("conditional_presence activity_id=TILMELDT attribute=occurred_at attribute_values=1",
         "attribute", "one of org_unit_id, resource_type, .*found 'occurred_at'"),
        ("value_range attribute=org_unit_id", "attribute_values", "the values there are, or both"),
        ("value_range attribute=org_unit_id amount=5", "attribute_values", "or both amount_from and"),
        ("value_range attribute=org_unit_id attribute_values=a amount_from=1 amount=5",
         "attribute_values", "the values there are, or both"),
        ("value_range attribute=org_unit_id amount_from=6 amount=5", "amount_from", "at most the am"),
        ("activity_duration activity_id=TILMELDT amount=1 unit=sd", "unit", "a unit of time"),
        ("duration_outlier activity_id=TILMELDT amount_from=0 amount=1 unit=sd", "unit", "a unit of"),
        ("multi_registration amount=10 unit=second attribute=target_group", "attribute", "one of org"),
        ("multi_registration amount=10", "unit", "multi_registration needs it"),
        ("overlap amount=10", "amount", "overlap does not use it"),
        ("time_anomaly resource_kind=human", "resource_kind", "time_anomaly does not use it"),
        ("resource_inconsistency unit=day", "unit", "resource_inconsistency does not use it"),
    ],
)  # fmt: skip
def test_a_rule_on_the_log_fills_the_cells_of_its_kind(
    seeds: Any, cells: str, column: str, told: str
) -> None:
    kind, *filled = cells.split()
    emptied = ("activity_id", "amount")
    file = "quality/log_rules.csv"
    for name, value in [("kind", kind), *((one, "") for one in emptied),
                        *(one.split("=") for one in filled)]:  # fmt: skip
        seeds.set(file, 1, name, value)
    with pytest.raises(PipelineError, match=f"{file} row 1 .*column {column}: .*{told}"):
        check(load_registry(seeds.folder))


@pytest.mark.parametrize(
    "cells",
    [
        "related_activities activity_id=TILMELDT|JOBSAMTALE regime_id=forsikrede_ledige__20240101",
        "conditional_presence activity_id=TILMELDT attribute=target_group attribute_values=6.1|6.2",
        "value_range attribute=org_unit_id amount_from=0 amount=0",
        "value_range attribute=resource_type attribute_values=human activity_id=TILMELDT",
        "duration_outlier activity_id=TILMELDT amount=3 unit=sd",
        "duration_outlier activity_id=TILMELDT amount_from=5 amount=60 unit=minute",
        "multi_registration amount=10 unit=second attribute=org_unit_id allowed_percent=2.5",
        "overlap attribute=resource_type",
        "time_anomaly",
        "resource_inconsistency activity_id=TILMELDT",
    ],
)
def test_a_rule_on_the_log_is_whole_with_the_cells_of_its_kind(seeds: Any, cells: str) -> None:
    kind, *filled = cells.split()
    for name, value in [("kind", kind), ("activity_id", ""), ("amount", ""),
                        *(one.split("=") for one in filled)]:  # fmt: skip
        seeds.set("quality/log_rules.csv", 1, name, value)
    check(load_registry(seeds.folder))


def test_a_measure_needs_activities_of_its_family(seeds: Any) -> None:
    for row in range(1, len(load_registry(seeds.folder).activities) + 1):
        seeds.set("mapping/activities.csv", row, "family", "act")
    seeds.set(INITIATIVES, 1, "measure", "n_talks")
    seeds.set(INITIATIVES, 1, "measure_item", "")
    with pytest.raises(PipelineError, match=rf"{INITIATIVES} row 1 .*no activity of family talk"):
        check(load_registry(seeds.folder))


def test_a_process_of_objects_names_the_type_they_have_in_the_log(seeds: Any) -> None:
    seeds.set("registry/case_notions.csv", 1, "object_type", "object")
    with pytest.raises(PipelineError, match=f"{PROCESSES} row 1 .*an object type of the log"):
        check(load_registry(seeds.folder))
    seeds.set(PROCESSES, 1, "case_object_type", "application")
    seeds.set(PROCESSES, 2, "case_object_type", "application")
    seeds.set(PROCESSES, 3, "case_object_type", "application")
    check(load_registry(seeds.folder))


def test_a_regional_stop_asks_for_the_region_of_every_municipality_that_takes_part(
    seeds: Any,
) -> None:
    seeds.set(STOPS, 1, "scope_regions", "Nordjylland")
    check(load_registry(seeds.folder))
    row = seeds.row_of("registry/municipalities.csv", municipality_id="901")
    seeds.set("registry/municipalities.csv", row, "region", "")
    with pytest.raises(PipelineError, match=rf"municipalities.csv row {row} .*column region"):
        check(load_registry(seeds.folder))


def test_one_version_of_a_rule_is_one_wording(seeds: Any) -> None:
    row = seeds.add_copy(RULES, DEADLINE, regime_id="forsikrede_ledige__20240101")
    check(load_registry(seeds.folder))
    seeds.set(RULES, row, "window_to", "3")
    with pytest.raises(PipelineError, match=rf"{RULES} row {row} .*window_to.*what row {DEADLINE} "):
        check(load_registry(seeds.folder))


def test_only_a_scheme_that_ended_leaves_a_process_without_law(seeds: Any) -> None:
    """RESSOURCE-END is not law yet (its day is unknown); once it is, a regime may end with it."""
    row = seeds.row_of(CHANGES, change_id="RESSOURCE-END")
    seeds.set(REGIMES, 3, "valid_to", "2027-01-01")
    seeds.set(REGIMES, 3, "ended_by_change_id", "RESSOURCE-END")
    with pytest.raises(PipelineError, match=r"ended_by_change_id.*a change that is in_force or ended"):
        check(load_registry(seeds.folder))
    seeds.set(CHANGES, row, "status", "in_force")
    check(load_registry(seeds.folder))
    seeds.set(REGIMES, 3, "ended_by_change_id", "REFORM-1B")
    with pytest.raises(PipelineError, match="a change of kind scheme_end, found 'REFORM-1B' of kind"):
        check(load_registry(seeds.folder))


def test_a_mapping_that_ends_before_it_begins_is_told(seeds: Any) -> None:
    seeds.set(MAPPINGS, 1, "valid_from", "2024-01-01")
    seeds.set(MAPPINGS, 1, "valid_to", "2024-01-01")
    with pytest.raises(PipelineError, match=rf"{MAPPINGS} row 1 .*a day after valid_from"):
        check(load_registry(seeds.folder))


def test_two_meanings_of_one_code_on_the_same_day_are_told(seeds: Any) -> None:
    seeds.set(MAPPINGS, 5, "valid_to", "2024-01-02")
    row = seeds.add_copy(
        MAPPINGS, 5, mapping_id="MOM-900", valid_from="2024-01-01", valid_to="",
        activity_id="FAELLESSAMTALE",
    )
    with pytest.raises(PipelineError, match=rf"{MAPPINGS} row {row} .*'MOM-005' \(row 5\) maps"):
        check(load_registry(seeds.folder))


def test_a_code_may_change_its_meaning_on_a_day(seeds: Any) -> None:
    seeds.set(MAPPINGS, 5, "valid_to", "2024-01-01")
    seeds.add_copy(
        MAPPINGS, 5, mapping_id="MOM-900", valid_from="2024-01-01", valid_to="",
        activity_id="FAELLESSAMTALE", change_id="CONTACT-2024",
    )
    check(load_registry(seeds.folder))


def test_a_municipality_may_give_a_code_a_meaning_of_its_own(seeds: Any) -> None:
    seeds.add_copy(
        MAPPINGS, 5, mapping_id="MOM-900", municipality_id="901", activity_id="FAELLESSAMTALE"
    )
    check(load_registry(seeds.folder))


def test_a_verified_fact_of_a_law_in_force_may_not_lack_its_day(seeds: Any) -> None:
    row = seeds.row_of(CHANGES, change_id="SICK-FOLLOWUP")
    seeds.set(CHANGES, row, "certainty", "verified")
    with pytest.raises(PipelineError, match=rf"{CHANGES} row {row} .*column effective_on"):
        check(load_registry(seeds.folder))


def test_a_law_that_is_withdrawn_takes_its_regimes_and_rules_with_it(seeds: Any) -> None:
    row = seeds.row_of(CHANGES, change_id="REFORM-1B")
    seeds.set(CHANGES, row, "status", "withdrawn")
    registry = load_registry(seeds.folder)
    of_reform = {
        *((one.file, one.row) for one in registry.regimes if one.change_id == "REFORM-1B"),
        *((one.file, one.row) for one in registry.rules if one.change_id == "REFORM-1B"),
        *((one.file, one.row) for one in registry.exemptions if one.change_id == "REFORM-1B"),
    }
    assert {file for file, _ in of_reform} == {REGIMES, RULES, EXEMPTIONS}
    assert {(one.file, one.row) for one in validate(registry)} == of_reform
