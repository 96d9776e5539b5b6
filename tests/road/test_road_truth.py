"""What the warehouse says of each municipality is what really happened there."""

from collections import Counter

import pytest

from pm_pipeline.ingest.contract.versions import load_contracts
from pm_pipeline.settings import Settings
from pm_pipeline.synthetic.law_truth.shares import STATES as SHARE_STATES
from pm_pipeline.synthetic.truth import NO_REGIME
from pm_pipeline.synthetic.world import LAW_C_FROM as REFORM_FROM
from tests.road.the_road import MUNICIPALITIES, Town, truth_of

pytestmark = pytest.mark.slow

TALKS = (
    "CV_SAMTALE", "JOBSAMTALE", "FAELLESSAMTALE", "RAADIGHEDSSAMTALE", "ANDEN_SAMTALE", "OPFOELGNING",
)
MISSED = ("AFLYST", "OMBOOKET", "UDEBLEVET")
# What Momentum tells by tasks; the rest comes of talks, offers, absences, groups and caseworkers.
TASKS = (
    "CV_GODKENDT", "MIN_PLAN", "JOBLOG_KONTROL", "VISITATION", "ANSOEGNING_MODTAGET",
    "AFGOERELSE_YDELSE", "PARTSHOERING", "SANKTION", "OVERGANG_KOMMUNE", "AFKLARING_36A",
    "ARBEJDSPLIGT_START", "ARBEJDSPLIGT_SLUT", "INDSTILLING_REHAB", "REHABPLAN_FORBEREDENDE_DEL",
    "LAEGEATTEST_BESTILT", "LAEGEATTEST_MODTAGET", "REHAB_MOEDE", "INDSTILLING_AFGIVET",
    "KOORDINERENDE_SAGSBEHANDLER", "REHABPLAN_INDSATSDEL", "INDSATS_START", "REHAB_GENBEHANDLING",
    "SAMLET_BESKRIVELSE", "SUNDHEDSKOORDINATOR",
)
OUTCOMES = {"fulfilled", "breached", "pending", "exempt", "not_applicable", "not_computable"}
SITUATIONS = {
    "spans_law_change", "before_every_regime", "shifted_to_social_assistance", "reassessed",
    "benefit_restart", "benefit_change_without_restart", "clock_stop", "absence_removes_days",
    "exemption", "work_duty", "handed_over", "ended_early", "fund_unknown", "talk_on_the_last_day",
}
# What the generator calls a fault, and what the reader calls it.
REASONS = {
    "impossible_date": "DATE_FORMAT", "two_digit_year": "DATE_FORMAT",
    "empty_mandatory": "MISSING_VALUE",
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
            f" + (select count(*) + count(end_on) from {town.lake('absences')})"
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
        found.setdefault(str(process), {})[str(regime or NO_REGIME)] = int(str(n))
    assert found == town.truth.n_cases


def test_every_case_is_told_as_it_was(town: Town) -> None:
    told = {
        (
            town.case_id(case.case_ref), case.process_id, case.regime_id, case.target_group,
            case.unemployment_fund or None, case.registered_on, case.ended_on,
            case.ended_on is not None, case.spans_law_change, case.n_events, case.caseworker_changes,
        )
        for case in town.truth.cases
    }
    found = town.ask(
        "select case_id, process_id, regime_id, target_group, unemployment_fund, registered_on,"
        " ended_on, is_closed, spans_law_change, n_events, caseworker_changes from core.cases"
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


def test_every_case_is_judged_as_the_law_that_applied_to_it_says(town: Town) -> None:
    columns = (
        "outcome", "reason", "kind", "anchor_on", "window_starts_on", "due_on", "due_less_stops_on",
        "removed_days", "counted", "required_count", "first_on", "reached_on", "days_late",
        "calendar_days", "counted_days", "working_days",
    )
    found = {
        (case, rule, version, regime): dict(zip(columns, rest, strict=True))
        for case, rule, version, regime, *rest in town.ask(
            f"select case_id, rule_id, version, regime_id, {', '.join(columns)}"
            " from core.rule_outcomes"
        )
    }
    told = {
        (town.case_id(case.case_ref), rule.rule_id, rule.version, rule.regime_id): {
            column: getattr(rule, column.removesuffix("_count")) for column in columns
        }
        for case in town.truth.cases for rule in case.rules
    }
    assert set(found) == set(told)
    different = {key: (found[key], told[key]) for key in told if found[key] != told[key]}
    assert not different, f"{len(different)} of {len(told)}, such as {next(iter(different.items()))}"


def test_every_share_of_a_cohort_is_the_true_one(town: Town) -> None:
    counts = [
        f"n_{state}{suffix}" for state in SHARE_STATES for suffix in ("", "_citizens")
    ]
    found = {
        tuple(key): rest
        for *key, rest in (
            (*row[:7], row[7:]) for row in town.ask(
                "select process_id, regime_id, rule_id, version, target_group, cohort_month,"
                f" share_required, {', '.join(counts)} from core.population_shares"
            )
        )
    }
    told = {
        (
            one.process_id, one.regime_id, one.rule_id, one.version, one.target_group,
            one.cohort_month, one.share_required,
        ): tuple(
            n for state in SHARE_STATES for n in (one.cases[state], one.citizens[state])
        )
        for one in town.truth.population_shares
    }
    assert found == told
    assert bool(told) == (town.planned.span.last_day >= REFORM_FROM)


def test_the_road_has_a_case_of_every_kind_so_that_the_agreement_says_something() -> None:
    cases = [case for one in MUNICIPALITIES for case in truth_of(one).cases]
    rules = [rule for case in cases for rule in case.rules]
    assert {rule.outcome for rule in rules} == OUTCOMES
    assert {rule.kind for rule in rules} == {"deadline", "min_count", "required", "precedence"}
    assert {"no_anchor_event", "anchor_did_not_happen", "closed_before_due", "no_opening_event",
            "clock_not_in_data", "responsible_party_missing"} <= {rule.reason for rule in rules}
    assert {situation for case in cases for situation in case.situations} >= SITUATIONS
    shares = [share for one in MUNICIPALITIES for share in truth_of(one).population_shares]
    assert {share.is_met for share in shares} == {True, False, None}
    assert any(rule.removed_days for rule in rules) and any(rule.days_late for rule in rules)
