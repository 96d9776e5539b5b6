"""What is told of filters and units: in steps, nothing of a few, no unit of a filter."""

from collections.abc import Callable

import pytest

from pm_pipeline.publish import Candidate
from tests.publish.publish_data import Inputs, rows

FLOW = (
    "flow_map", "flow_variants", "flow_rework", "flow_ping_pong", "flow_work_times", "flow_batches",
    "flow_backlog", "hand_over_waits", "flow_map_checked",
)


def test_a_filter_that_leaves_nothing_is_a_row_and_one_of_a_few_is_none(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select filter_id, n_cases, n_citizens, n_open_cases, share_open, sentence_en"
        " from marts.flow_filters order by all",
    )
    assert found == [
        ("kontanthjaelp", 90, 90, 10, 0.111, "Cases."), ("nobody", 0, 0, 0, None, "Cases."),
    ]  # fmt: skip


@pytest.mark.parametrize("name", FLOW)
def test_only_what_enough_people_did_is_told_and_nothing_by_unit(built: Inputs, name: str) -> None:
    found = rows(built.warehouse, f"select distinct filter_id, n_cases, n_citizens from marts.{name}")
    assert found == [("kontanthjaelp", 90, 90)]


def test_no_mart_of_the_flow_names_a_unit(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select column_name from duckdb_columns() where schema_name = 'marts'"
        " and table_name like 'flow_%' and column_name like '%unit%'",
    )
    assert found == []


def test_the_few_of_a_month_have_nobody_behind_them_to_be_told_with(built: Inputs) -> None:
    assert rows(
        built.warehouse,
        "select n_begun_citizens, n_ended_citizens, n_open_citizens from marts.flow_backlog",
    ) == [(5, 0, 5)]


def test_a_unit_is_told_of_in_steps_in_the_months_in_which_it_met_enough_citizens(
    built: Inputs,
) -> None:
    found = rows(
        built.warehouse,
        "select month(month_on), n_events, n_cases, n_citizens, n_machine_events, n_events_per_staff"
        " from marts.unit_workload order by all",
    )
    assert found == [
        (1, 200, 90, 90, 40, 25.0), (2, 200, 90, 90, None, 25.0), (3, 200, 90, 90, 0, 25.0),
    ]  # fmt: skip


def test_a_profile_is_told_in_steps_and_nothing_of_a_few(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select to_activity_id, n_cases, n_citizens, case_coverage, mean_days, n_outside_cases,"
        " n_outside_citizens, share_outside, sentence_da from marts.temporal_profile order by 1",
    )
    assert found == [
        ("AFMELDT_JOB", 80, 5, 0.889, 12.5, 10, 5, 0.125,
         "Fra «Første henvendelse» til «Afmeldt til job» går der i gennemsnit 12,5 dage; omkring 10 af "
         "80 sager ligger mere end tre standardafvigelser fra det."),
        ("JOBSAMTALE", 80, 5, 0.889, 12.5, None, None, None, None),
        ("MIN_PLAN", 80, 5, 0.889, 12.5, 0, 0, 0.0,
         "Fra «Første henvendelse» til «Min Plan» går der i gennemsnit 12,5 dage; ingen af 80 sager "
         "ligger mere end tre standardafvigelser fra det."),
    ]  # fmt: skip


def test_shares_of_time_are_blank_where_what_is_left_of_the_whole_is_of_a_few(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select breakdown, item, label_en, n_events, n_citizens, share_of_events, share_of_elapsed"
        " from marts.time_use order by all",
    )
    assert found == [
        ("resource", "citizen", "Citizen", 90, 60, 0.3, None),
        ("resource", "human", "Person at work", 200, 90, 0.667, None),
        ("value", "necessary", "Necessary, of no value to the citizen", 90, 90, 0.31, 0.2),
        ("value", "unclassified", "Not classified", 200, 90, 0.69, 0.2),
    ]


def test_the_map_of_objects_is_told_in_steps_with_the_names_of_their_types(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select object_type, object_label_da, arc_kind, from_activity_id, to_activity_id,"
        " n_occurrences, n_objects, n_citizens from marts.object_map order by 1",
    )
    assert found == [
        ("offer", "Tilbud", "follows", "JOBSAMTALE", "MIN_PLAN", 200, 80, 5),
        ("permit", "permit", "start", "▶", "JOBSAMTALE", 80, 80, 5),
    ]




def test_an_edge_and_a_path_tell_their_verdict_and_the_ends_of_a_case_have_none(
    built: Inputs,
) -> None:
    assert rows(
        built.warehouse, "select distinct arc_kind, verdict from marts.flow_map order by all"
    ) == [("end", None), ("follows", "registration_artefact"), ("start", None)]
    assert rows(built.warehouse, "select verdict from marts.flow_variants") == [("real",)]


def test_a_verdict_whose_subject_is_gone_or_rare_stands_without_figures(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select subject_en, is_seen, n_occurrences, n_cases, n_citizens, case_coverage"
        " from marts.map_verdicts order by kind, subject_en",
    )
    assert found == [
        ("FORMER", False, None, None, None, None),
        ("Talk", True, 170, 90, 90, 1.0),
        ("First contact → Talk", True, 170, 90, 90, 1.0),
        ("First contact → Talk", True, 170, 90, 90, 1.0),
        ("My plan → Talk", False, None, None, None, None),
    ]


def test_how_much_of_the_map_is_checked_counts_what_stands_on_it(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select filter_id, kind, n_subjects, n_checked, n_real, n_artefacts, share_checked,"
        " n_occurrences, n_checked_occurrences, n_checked_citizens, share_occurrences_checked"
        " from marts.map_checks order by all",
    )
    assert found == [
        ("kontanthjaelp", "activity", 4, 0, 0, 0, 0.0, 300, 0, 0, 0.0),
        ("kontanthjaelp", "edge", 4, 1, 0, 1, 0.25, 190, 170, 5, 0.895),
        # three citizens have a path that was judged: told as if nobody had
        ("kontanthjaelp", "variant", 0, 0, 0, 0, None, 90, 0, 0, 0.0),
    ]


def test_that_a_few_have_what_was_judged_cannot_be_told_from_a_blank(
    publish: Callable[..., Candidate],
) -> None:
    database = publish().database
    assert rows(
        database,
        "select n_checked_occurrences, share_occurrences_checked, is_masked from map_checks"
        " where kind = 'variant'",
    ) == [(0, 0.0, False)]
    assert rows(
        database,
        "select is_seen, count(*) from map_verdicts where not is_masked group by all order by all",
    ) == [(False, 2), (True, 3)]
