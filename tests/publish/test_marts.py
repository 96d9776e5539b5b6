"""The SQL of the marts, run as written over a municipality whose figures are known."""

import pytest

from pm_pipeline.publish.policy import FORBIDDEN_COLUMNS, PUBLISHED_TABLES
from tests.publish.publish_data import CASH, INSURED, Inputs, K, declared_columns, rows

OF_PEOPLE = [name for name, table in PUBLISHED_TABLES.items() if table.persons]


@pytest.mark.parametrize("name", PUBLISHED_TABLES)
def test_a_mart_has_the_columns_and_types_of_its_contract(built: Inputs, name: str) -> None:
    found = rows(
        built.warehouse,
        "select column_name, lower(data_type) from duckdb_columns() where schema_name = 'marts'"
        f" and table_name = '{name}' order by column_index",
    )
    assert found == declared_columns()[name]


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_a_mart_tells_how_many_people_stand_behind_a_row_and_names_none(name: str) -> None:
    columns = [column for column, _ in declared_columns()[name]]
    assert {"municipality_id", "n_citizens"} <= set(columns)
    # cases, the rows of a delivery, or what is compared on both sides
    assert {"n_cases", "n_rows", "n_before", "n_cases_first"} & set(columns)
    assert not set(columns) & set(FORBIDDEN_COLUMNS)


def test_the_allow_list_and_the_declared_marts_are_the_same() -> None:
    listed = {name: table.columns for name, table in PUBLISHED_TABLES.items()}
    declared = {name: tuple(c for c, _ in columns) for name, columns in declared_columns().items()}
    assert listed == declared


def test_time_to_first_talk_counts_judged_cases_only(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select limit_days, n_cases, n_within_limit, share_within_limit, n_pending"
        " from marts.kpi_time_to_first_talk where target_group = '6.2'",
    )
    assert found == [(7, 52, 40, pytest.approx(40 / 52), 8)]


def test_a_talk_that_was_never_held_makes_the_median_worse_not_better(built: Inputs) -> None:
    # 52 judged: 40 within 7 days, 6 after 30 days, 6 never. Without the six, p90 would be 30 days.
    found = rows(
        built.warehouse,
        "select median_days, p90_days from marts.kpi_time_to_first_talk where target_group = '6.2'",
    )
    assert found == [(5.0, None)]


def test_a_limit_in_months_is_not_turned_into_days(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select limit_days, limit_amount, limit_unit from marts.kpi_time_to_first_talk"
        f" where process_id = '{INSURED[0]}'",
    )
    assert found == [(None, 1, "month")]


def test_a_deadline_for_something_else_than_a_talk_is_no_first_talk(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select distinct rule_id from marts.kpi_time_to_first_talk"
        " union all select 'outcomes ' || rule_id from marts.rule_outcomes_summary"
        " where rule_id = 'PLAN' group by all order by all",
    )
    assert found == [("FIRST_TALK",), ("outcomes PLAN",)]


def test_talks_in_the_window_are_set_against_the_minimum(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select required_talks, window_amount, window_unit, n_cases, n_fulfilled, mean_talks"
        " from marts.kpi_talks_in_window where target_group = '6.2'",
    )
    # 46 of 60 have a talk (14 never: 6 late and 8 pending), 25 of them a second one
    assert found == [(2, 6, "month", 60, 25, pytest.approx((46 + 25) / 60))]


def test_time_to_first_talk_is_told_in_three_kinds_of_days(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select median_days, median_counted_days, median_working_days, p90_working_days"
        f" from marts.kpi_time_to_first_talk where process_id = '{INSURED[0]}'",
    )
    # 30 judged: 20 after 1 to 7 days, five after 30, five never
    assert found == [(6.0, 5.0, 4.0, None)]


@pytest.mark.parametrize("table", ["rule_outcomes_summary", "rule_outcomes_total"])
def test_a_rule_has_numerator_and_denominator_and_apart_from_them_who_was_not_judged(
    built: Inputs, table: str
) -> None:
    found = rows(
        built.warehouse,
        "select kind, n_cases, n_citizens, n_fulfilled, share_fulfilled, n_pending, n_exempt,"
        " n_not_applicable, n_not_computable, median_calendar_days, is_certain"
        f" from marts.{table} where target_group = '6.2' and rule_id = 'FIRST_TALK'",
    )
    assert found == [("deadline", 52, 52, 40, pytest.approx(40 / 52), 8, 0, 0, 0, 4.0, True)]


@pytest.mark.parametrize("table", ["rule_shares", "rule_shares_total"])
def test_a_share_of_a_cohort_is_set_against_the_share_the_law_asks_for(
    built: Inputs, table: str
) -> None:
    found = rows(
        built.warehouse,
        "select n_cases, n_reached, share_reached, share_required, quota_met, n_pending,"
        f" required_count, window_from, window_to, window_unit from marts.{table}",
    )
    assert found == [(30, 20, pytest.approx(2 / 3), 0.75, False, 7, 2, 0, 3, "month")]


def test_rework_counts_the_cases_where_an_activity_is_done_again(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select n_cases, n_repeated_cases, mean_occurrences from marts.kpi_rework"
        f" where regime_id = '{CASH[1]}' and activity_id = 'JOBSAMTALE'",
    )
    assert found == [(77, 25, pytest.approx(102 / 77))]


def test_the_map_begins_and_ends_every_case(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select arc_kind, sum(n_occurrences)::int from marts.process_map"
        f" where regime_id = '{CASH[1]}' group by all order by all",
    )
    assert found == [("end", 92), ("follows", 92 + 102), ("start", 92)]


def test_a_variant_reads_as_its_labels_in_order(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select path_da, path_en, n_events from marts.process_variants"
        f" where regime_id = '{CASH[1]}' and variant_number = 2",
    )
    assert found == [
        (
            "Første henvendelse → Jobsamtale → Jobsamtale → Afmeldt til job",
            "First contact → Talk → Talk → Left for a job",
            4,
        )
    ]


def test_variants_of_a_process_and_regime_hold_all_its_cases(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select sum(n_cases) = (select count(*) from core.cases where cases.process_id ="
        " process_variants.process_id and cases.regime_id is not distinct from"
        " process_variants.regime_id) from marts.process_variants group by process_id, regime_id",
    )
    assert [row[0] for row in found] == [True] * 3


def test_a_quality_rule_without_data_is_about_nobody(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select outcome, n_citizens from marts.quality_summary order by outcome, n_citizens",
    )
    assert ("NO_DATA", 0) in found
    assert ("PASS", 127) in found  # a rule about the whole delivery is about everybody


def test_the_lag_of_registration_is_told_per_activity_and_quarter(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select process_id, activity_id, quarter_on::varchar, n_events, n_cases, n_citizens,"
        " median_days, n_late, n_late_citizens, share_late"
        " from marts.registration_lag where activity_id = 'FOERSTE_HENVENDELSE'",
    )
    assert found == [
        (CASH[0], "FOERSTE_HENVENDELSE", "2025-01-01", 60, 60, 60, 0.25, 10, 10, 10 / 60),
    ]


def test_each_flag_of_a_time_is_counted_against_all_events_of_its_family(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select system_id, family, flag, n_events, n_citizens, n_flagged, n_flagged_citizens,"
        " share_flagged from marts.time_quality order by flag",
    )
    assert found == [
        ("momentum", "registration", "batch_second", 60, 60, 60, 60, 1.0),
        ("momentum", "registration", "midnight", 60, 60, 3, 3, 0.05),
    ]


def test_each_pattern_is_counted_against_the_events_or_cases_it_is_looked_for_in(
    built: Inputs,
) -> None:
    found = rows(
        built.warehouse,
        "select pattern_id, grain, n_checked, n_cases, n_citizens, n_found, n_found_citizens,"
        " share_found = round(n_found / n_checked, 3), field from marts.log_imperfections"
        f" where regime_id = '{CASH[1]}' order by pattern_id",
    )
    events, cases, citizens = rows(
        built.warehouse,
        "select round(sum(n_events), -1)::bigint, count(*), count(distinct citizen_id) from core.cases"
        f" where regime_id = '{CASH[1]}'",
    )[0]
    # eight and seven in steps of ten, of citizens up to the minimum group
    assert found == [
        ("scattered_case", "case", round(cases, -1), cases, citizens, 10, K, True, "case_id"),
        ("zero_time", "event", events, cases, citizens, 10, K, True, "occurred_at"),
    ]
