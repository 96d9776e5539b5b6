"""What the warehouse says of each municipality is what really happened there."""

from collections import Counter

import pytest

from pm_pipeline.ingest.contract.versions import load_contracts
from pm_pipeline.settings import Settings
from pm_pipeline.synthetic.case_truth import CaseTruth
from tests.road.the_road import Town

pytestmark = pytest.mark.slow

TALKS = ("CV_SAMTALE", "JOBSAMTALE", "FAELLESSAMTALE", "RAADIGHEDSSAMTALE", "ANDEN_SAMTALE")
MISSED = ("AFLYST", "OMBOOKET", "UDEBLEVET")
TASKS = (
    "CV_GODKENDT", "MIN_PLAN", "JOBLOG_KONTROL", "VISITATION", "ANSOEGNING_MODTAGET",
    "AFGOERELSE_YDELSE", "PARTSHOERING", "SANKTION",
)
# What the generator calls a fault, and what the reader calls it.
REASONS = {
    "impossible_date": "DATE_FORMAT", "two_digit_year": "DATE_FORMAT",
    "empty_mandatory": "MISSING_VALUE",
}
FIRST_TALK = {
    "met": "fulfilled", "late": "breached", "ended_before_due": "not_applicable",
    "pending": "pending",
}


def test_every_file_lost_exactly_the_rows_that_were_broken_or_repeated(town: Town) -> None:
    told = {
        (file.path, file.table): (
            file.rows, file.rows - file.rejected - file.exact_duplicates, file.rejected,
            file.exact_duplicates,
        )
        for file in town.truth.files
    }
    found = {
        (f"{day}/{name}", table): tuple(counts)
        for day, name, table, *counts in town.ask(
            "select delivered_on, source_file, table_name, rows_in_file, rows_loaded,"
            " rows_rejected, exact_duplicates from core.deliveries"
        )
    }
    assert found == told


def test_every_planted_fault_is_a_reject_with_its_line_column_and_reason(town: Town) -> None:
    contract = load_contracts(Settings().contract_dirs)[town.system]
    lake_names = {
        (table.name, column.header): column.name
        for table in contract.tables for column in table.columns
    }
    told = {
        (
            reject.path.split("/")[1], reject.line, lake_names[reject.table, reject.column],
            REASONS[reject.reason], reject.row_kept,
        )
        for reject in town.truth.rejected
    }
    found = town.ask(
        "select source_file, source_row, column_name, reason, row_kept from core.rejected_rows"
    )
    assert {reject.reason for reject in town.truth.rejected} == set(REASONS)
    assert len(found) == len(town.truth.rejected)
    assert set(found) == told


def test_who_made_a_row_is_kept_as_a_kind_and_never_as_a_name(town: Town) -> None:
    for table, kinds in town.truth.resource_rows.items():
        found = town.ask(f"select created_by, count(*) from {town.lake(table)} group by all")
        assert set(found) == {(kind, n) for kind, n in kinds.items() if n}, table


def test_local_times_that_are_missing_or_doubled_are_flagged(town: Town) -> None:
    if town.system != "fasit":
        # the other systems tell of instants, in which no hour is missing or doubled
        assert not any(town.truth.clock_change_events.values())
        return
    found = town.ask(
        "select occurred_at_flag, count(distinct event_row_id)"
        f" from {town.lake('haendelser')} where occurred_at_flag like 'dst%' group by all"
    )
    assert set(found) == {(flag, n) for flag, n in town.truth.clock_change_events.items() if n}


def test_every_activity_has_as_many_events_as_really_happened(town: Town) -> None:
    found = town.ask("select activity_id, count(*) from core.events group by all")
    assert set(found) == {(act, n) for act, n in town.truth.events_per_activity.items() if n}


def test_every_act_that_was_told_is_an_event_or_rejected(town: Town) -> None:
    staged = {
        "momentum": (
            f"select (select count(*) + count(booked_by) from {town.lake('contacts')})"
            f" + (select count(*) from {town.lake('tasks')})"
            f" + (select count(*) from {town.lake('caseworkers')})"
            f" + (select count(*) + count(end_on) from {town.lake('target_groups')})"
            f" + (select count(granted_at) + count(start_on) + count(end_on)"
            f" from {town.lake('offers')})"
        ),
        "fasit": f"select count(*) from {town.lake('haendelser')}",
        "event_log": f"select count(*) from {town.lake('events')}",
    }[town.system]
    kept = (
        "select (select count(*) from core.events) + (select count(*) from core.rejected_events)"
    )
    assert town.ask(staged) == town.ask(kept)


def test_what_became_no_event_is_counted_under_the_reason_that_is_true(town: Town) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for table, reason, rows in town.ask(
        # one row of Momentum tells of several acts
        "select source_table, reason, count(distinct (delivery_id, source_file, source_row))"
        " from core.rejected_events group by all"
    ):
        found[str(table), str(reason)] = int(str(rows))
    assert found == _reasons(town)


def _reasons(town: Town) -> Counter[tuple[str, str]]:
    """Rows by (table, reason), from the truth alone."""
    truth = town.truth
    rows, acts = truth.rows_after_processing, Counter(truth.events_per_activity)
    told: Counter[tuple[str, str]] = Counter()
    for table, n in truth.superseded.items():
        told[table, "superseded"] += n
    for table, n in truth.rows_without_time.items():
        told[table, "no_time"] += n
    unmapped: Counter[str] = Counter()
    for code in truth.unmapped:
        told[code.source_table, "unmapped_code"] += code.n_rows
        unmapped[code.source_table] += code.n_rows
    if town.system == "momentum":
        settled = sum(acts[act] for act in (*TALKS, *MISSED))
        told["contacts", "not_completed"] = (
            rows["contacts"] - settled - unmapped["contacts"] - truth.rows_without_time["contacts"]
        )
        done = sum(acts[act] for act in TASKS)
        told["tasks", "not_completed"] = rows["tasks"] - done - unmapped["tasks"]
        told.update(_assignments_without_change(town))
    return Counter({key: n for key, n in told.items() if n})


def _assignments_without_change(town: Town) -> Counter[tuple[str, str]]:
    """Everybody has a first caseworker once; the file itself says who is not a primary one."""
    (others,) = town.ask(
        f"select count(distinct assignment_id) from {town.lake('caseworkers')} where role = '0'"
    )[0]
    rest = (
        town.truth.rows_after_processing["caseworkers"] - int(str(others)) - town.truth.n_citizens
        - town.truth.events_per_activity.get("SAGSBEHANDLERSKIFTE", 0)
    )
    return Counter({
        ("caseworkers", "first_caseworker"): town.truth.n_citizens,
        ("caseworkers", "not_a_primary_caseworker"): int(str(others)),
        ("caseworkers", "same_caseworker"): rest,
    })


def test_codes_that_no_mapping_knows_are_listed_with_how_often(town: Town) -> None:
    found = town.ask("select source_table, source_code, n_rows from core.unmapped_codes")
    told = {(code.source_table, code.source_code, code.n_rows) for code in town.truth.unmapped}
    assert len(found) == len(told)
    assert set(found) == told


def test_a_row_that_was_corrected_counts_as_it_was_told_last(town: Town) -> None:
    for corrected in town.truth.corrected:
        key = {"contacts": "contact_id", "haendelser": "event_row_id"}[corrected.table]
        sources = town.ask(
            "select lake.delivered_on, count(events.event_id)"
            f" from {town.lake(corrected.table)} as lake"
            " left join core.events as events using (delivery_id, source_file, source_row)"
            f" where lake.{key} = ? group by all order by all",
            town.pseudonyms.pseudonym("record", corrected.natural_key),
        )
        assert [day for day, _ in sources] == list(town.truth.delivered_on), corrected
        assert [bool(events) for _, events in sources] == [False, True], corrected


def test_every_case_is_in_its_process_under_the_law_of_its_registration(town: Town) -> None:
    found: dict[str, dict[str, int]] = {}
    for process, regime, n in town.ask(
        "select process_id, regime_id, count(*) from core.cases group by all"
    ):
        found.setdefault(str(process), {})[str(regime)] = int(str(n))
    assert found == town.truth.n_cases


def test_every_case_is_told_as_it_was(town: Town) -> None:
    told = {
        (
            town.case_id(case.case_ref), case.process_id, case.regime_id, case.target_group,
            case.registered_on, case.ended_on, case.ended_on is not None, case.n_events,
            case.caseworker_changes,
        )
        for case in town.truth.cases
    }
    found = town.ask(
        "select case_id, process_id, regime_id, target_group, registered_on, ended_on, is_closed,"
        " n_events, caseworker_changes from core.cases"
    )
    assert len(found) == len(town.truth.cases)
    assert set(found) - told == set()
    assert set(found) == told


def test_two_cases_belong_to_one_citizen_exactly_when_they_do(town: Town) -> None:
    found = {
        str(case): str(citizen)
        for case, citizen in town.ask("select case_id, citizen_id from core.cases")
    }
    persons: dict[str, set[str]] = {}
    for case in town.truth.cases:
        persons.setdefault(case.citizen_cpr, set()).add(found[town.case_id(case.case_ref)])
    assert all(len(ids) == 1 for ids in persons.values())
    assert len(set(found.values())) == len(persons) == town.truth.n_citizens


def test_a_citizen_whose_number_changed_stays_one_citizen(town: Town) -> None:
    told = [
        tuple(town.pseudonyms.pseudonym("citizen", cpr) for cpr in (change.former_cpr, change.cpr))
        for change in town.truth.cpr_changes
    ]
    assert bool(told) == (town.system == "momentum")
    assert set(town.ask("from staging.stg_citizens")) == set(told)
    assert town.ask("select count(*) from core.citizen_links where fault is not null") == [(0,)]
    # rows of both deliveries, under both numbers, tell of the same citizen
    both = town.ask(
        "select count(*) from (select citizen_key from intermediate.int_events_judged"
        " where citizen_key in (select citizen_key from staging.stg_citizens)"
        " group by all having count(distinct delivery_id) = 2)"
    )
    assert (both != [(0,)]) == bool(told)


def test_the_first_talk_is_judged_as_the_law_of_the_case_says(town: Town) -> None:
    found = {
        (case, rule): rest
        for case, rule, *rest in town.ask(
            "select case_id, rule_id, outcome, due_on, first_on from core.rule_outcomes"
            " where kind = 'deadline'"
        )
    }
    told = {
        (town.case_id(case.case_ref), case.first_talk_rule): [
            FIRST_TALK[case.first_talk], case.first_talk_due_on, case.first_talk_on,
        ]
        for case in town.truth.cases
    }
    assert found == told


def test_talks_are_counted_in_the_window_of_the_law_of_the_case(town: Town) -> None:
    found = {
        (case, rule): rest
        for case, rule, *rest in town.ask(
            "select case_id, rule_id, outcome, due_on, counted, required_count"
            " from core.rule_outcomes where kind = 'min_count'"
        )
    }
    told = {
        (town.case_id(case.case_ref), rule.rule_id): [
            enough_talks(town, case, number), rule.window_ends_on, rule.counted, rule.required,
        ]
        for case in town.truth.cases for number, rule in enumerate(case.counted_talks)
    }
    assert found == told


def enough_talks(town: Town, case: CaseTruth, number: int) -> str:
    """The outcome that the counts of a case lead to, known on the day of the last delivery."""
    rule = case.counted_talks[number]
    if rule.counted >= rule.required:
        return "fulfilled"
    if case.ended_on is not None and case.ended_on <= rule.window_ends_on:
        return "not_applicable"
    return "breached" if rule.window_ends_on < town.truth.delivered_on[-1] else "pending"
