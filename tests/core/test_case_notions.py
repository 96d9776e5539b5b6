"""What one case is, is a row: courses as told, merged, a journey, a journey split after a gap."""

from collections.abc import Iterator

import pytest

from tests.law.core_sql import Town

DATA_TESTS = (
    "every_course_is_in_one_case_per_process", "every_case_has_sources",
    "cases_of_merged_courses_do_not_overlap",
)


@pytest.fixture
def town() -> Iterator[Town]:
    """The process of social assistance alone, with a citizen of five courses."""
    with Town() as made:
        made.run("delete from processes where process_id <> 'kontanthjaelp'")
        made.run(
            "create table int_course_sources (course_id varchar, delivery_id varchar,"
            " source_file varchar, source_rows bigint[])"
        )
        for number, (course, group, registered_on, ended_on) in enumerate([
            ("a", "6.2", "2024-01-01", "2024-03-01"),
            ("b", "6.3", "2024-03-02", "2024-06-01"),  # a change of benefit, on the next day
            ("c", "6.3", "2024-06-03", "2025-06-01"),  # two days later
            ("d", "6.3", "2025-07-01", "2025-08-01"),
            ("e", "6.2", "2026-09-01", None),  # after more than a year
        ], start=2):
            made.course(course, group, registered_on, ended_on, citizen="x")
            made.insert("int_course_sources", [(course, "delivery", "file.csv", [number])])
        yield made


def _notion(town: Town, name: str, **changes: object) -> None:
    """The process under a shipped notion, perhaps changed, built and tested."""
    town.run(f"update processes set case_notion = '{name}', case_object_type = 'citizen'")
    for column, value in changes.items():
        town.connection.execute(f"update case_notions set {column} = ?", [value])
    town.build()
    town.make("case_sources")
    for test in DATA_TESTS:
        assert town.found_by(test) == [], test


def _cases(town: Town) -> list[tuple[object, ...]]:
    """Courses by case in the order of time, with what was done."""
    return town.rows(
        "select string_agg(course_id, '' order by registered_on), any_value(operation)"
        " from int_case_members group by case_id order by min(registered_on)"
    )


def test_a_course_as_told_is_a_case(town: Town) -> None:
    _notion(town, "contact_course")
    assert _cases(town) == [(course, "as_delivered") for course in "abcde"]
    assert town.rows("select count(*) from cases where case_id in ('a', 'b', 'c', 'd', 'e')") == [(5,)]


def test_a_course_that_begins_within_the_gap_is_the_same_case(town: Town) -> None:
    _notion(town, "contact_course_merged")
    assert _cases(town) == [
        ("ab", "merged"), ("c", "as_delivered"), ("d", "as_delivered"), ("e", "as_delivered"),
    ]
    # it keeps the name, the group and the law of the course it began as
    assert town.rows(
        "select case_id, target_group, registered_on::varchar, ended_on::varchar, regime_id"
        " from cases order by registered_on limit 1"
    ) == [("a", "6.2", "2024-01-01", "2024-06-01", "kontanthjaelp__20240101")]


def test_the_gap_and_the_day_on_which_merging_ends_are_data(town: Town) -> None:
    _notion(town, "contact_course_merged", merge_gap_days=30)
    # d begins 30 days after c, but on the day from which restarts are not told any more
    assert [courses for courses, _ in _cases(town)] == ["abc", "d", "e"]
    _notion(town, "contact_course_merged", merge_before=None)
    assert [courses for courses, _ in _cases(town)] == ["abcd", "e"]


def test_courses_that_run_side_by_side_are_merged_and_an_open_one_has_no_end(town: Town) -> None:
    town.course("f", "6.2", "2024-01-15", "2024-02-01", citizen="x")
    town.course("open", "6.2", "2024-01-01", citizen="y")
    town.course("beside", "6.2", "2025-01-01", "2025-02-01", citizen="y")
    town.insert("int_course_sources",
                [(course, "delivery", "file.csv", [9]) for course in ("f", "open", "beside")])
    _notion(town, "contact_course_merged")
    assert {courses for courses, _ in _cases(town)} == {"afb", "c", "d", "e", "openbeside"}
    assert town.rows("select ended_on from cases where case_id = 'open'") == [(None,)]


def test_a_course_that_began_nobody_knows_when_stands_alone(town: Town) -> None:
    town.course("when", "6.2", None, "2024-02-01", citizen="x")
    town.insert("int_course_sources", [("when", "delivery", "file.csv", [9])])
    _notion(town, "contact_course_merged")
    assert ("when", "as_delivered") in _cases(town)


def test_the_journey_holds_every_course_and_what_lies_between(town: Town) -> None:
    town.event("a", "FOERSTE_HENVENDELSE", "2024-01-01")
    town.event("e", "JOBSAMTALE", "2026-09-10 09:00")
    town.insert("events", [(99, "between", "MIN_PLAN", "2025-10-10 09:00", "2025-10-10", "second",
                            "2026-10-01", "f", 1, "d", None, None, None)])  # fmt: skip
    for event in ("event-001", "event-002", "between"):
        town.insert("event_objects", [(event, "x", "citizen")])
    _notion(town, "citizen_journey")
    assert _cases(town) == [("abcde", "merged")]
    assert town.rows("select case_id, ended_on from cases") == [("x", None)]
    assert town.rows("select event_id, event_number from event_log order by 2") == [
        ("event-001", 1), ("between", 2), ("event-002", 3),
    ]
    _notion(town, "citizen_journey_split")
    assert _cases(town) == [("abcd", "split"), ("e", "split")]
    assert town.rows(
        "select list(event_id order by event_number) from event_log group by case_id order by 1"
    ) == [(["event-001", "between"],), (["event-002"],)]
    _notion(town, "citizen_journey_split", split_gap_days=396)
    # 396 days lie between d and e: a journey ends after more than that
    assert _cases(town) == [("abcde", "merged")]


def test_every_merge_and_split_tells_of_the_rows_it_came_from(town: Town) -> None:
    _notion(town, "contact_course_merged")
    assert town.rows(
        "select case_id, source_object_id, operation, case_notion_id, delivery_id, source_file,"
        " source_rows from case_sources where case_id = 'a' order by 2"
    ) == [
        ("a", "a", "merged", "contact_course_merged", "delivery", "file.csv", [2]),
        ("a", "b", "merged", "contact_course_merged", "delivery", "file.csv", [3]),
    ]


@pytest.mark.parametrize(
    ("test", "spoil"),
    [
        (DATA_TESTS[0], "delete from case_sources where source_object_id = 'c'"),
        (DATA_TESTS[0], "insert into case_sources by name select 'z' as case_id,"
                        " * exclude (case_id) from case_sources where source_object_id = 'c'"),
        (DATA_TESTS[1], "delete from case_sources where case_id = 'd'"),
        (DATA_TESTS[2], "update int_case_notions set ended_on = '2024-06-03' where case_id = 'a'"),
    ],
)  # fmt: skip
def test_a_course_lost_doubled_or_overlapping_is_found(town: Town, test: str, spoil: str) -> None:
    _notion(town, "contact_course_merged")
    town.run(spoil)
    assert town.found_by(test)
