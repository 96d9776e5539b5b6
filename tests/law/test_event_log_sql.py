"""How events become a case: their order, the case's days, its path and the law changes it meets."""

import random
from collections.abc import Iterator
from itertools import permutations

import pytest

from tests.law.core_sql import Town

DATA_TEST = "variant_paths_agree_with_their_cases"


@pytest.fixture(scope="module")
def site() -> Iterator[Town]:
    with Town() as made:
        yield made


@pytest.fixture
def town(site: Town) -> Town:
    """A town of nobody yet."""
    site.clear()
    return site


def _cases(town: Town, columns: str) -> dict[str, tuple[object, ...]]:
    """These columns of the cases, days as text."""
    found = town.rows(f"select case_id, {columns} from cases order by case_id")
    return {case: tuple(values) for case, *values in found}


# ---- the order of events -------------------------------------------------------------------------


def test_acts_of_a_day_without_an_hour_follow_the_rank_of_their_kind(town: Town) -> None:
    """Delivered in any order, with ids that sort the other way."""
    town.course("c", "6.1", "2024-03-01")
    town.event("c", "AFMELDT_JOB", "2024-03-01", event_id="a")
    town.event("c", "JOBSAMTALE", "2024-03-01", event_id="b")
    town.event("c", "INDKALDT", "2024-03-01", event_id="c")
    town.event("c", "TILMELDT", "2024-03-01", event_id="d")
    town.build()
    assert _walked(town) == ["TILMELDT", "INDKALDT", "JOBSAMTALE", "AFMELDT_JOB"]


def test_the_hour_goes_before_the_rank_and_the_activity_decides_last(town: Town) -> None:
    town.course("c", "6.1", "2024-03-01")
    town.event("c", "TILMELDT", "2024-03-01 10:00", event_id="a")
    town.event("c", "JOBSAMTALE", "2024-03-01 09:00", event_id="z")
    for activity, event_id in (("Brev 2", "k"), ("Brev 1", "m")):  # unranked, and told by one row
        town.event("c", activity, "2024-03-02", event_id=event_id)
    town.build()
    found = town.rows("select event_id from event_log order by event_number")
    assert found == [("z",), ("a",), ("m",), ("k",)]


def test_a_day_without_an_hour_does_not_stand_before_the_timed_acts_it_follows(town: Town) -> None:
    """Who is de-registered on a day still came to the talk of that day; who is registered, before."""
    town.course("c", "6.1", "2024-03-01")
    town.event("c", "AFMELDT_JOB", "2024-03-01", event_id="a")
    town.event("c", "TILBUD_BEVILGET", "2024-03-01 08:00", event_id="b")
    town.event("c", "TILBUD_START", "2024-03-01", event_id="c")
    town.event("c", "JOBSAMTALE", "2024-03-01 15:00", event_id="d")
    town.event("c", "TILMELDT", "2024-03-01", event_id="e")
    town.event("c", "MIN_PLAN", "2024-03-02 09:00", event_id="f")
    town.build()
    assert _walked(town) == [
        "TILMELDT", "TILBUD_BEVILGET", "JOBSAMTALE", "TILBUD_START", "AFMELDT_JOB", "MIN_PLAN",
    ]
    # midnight is where a day stands, not when the act took place: no step goes back in time
    assert town.rows("select min(elapsed_seconds) from transitions") == [(0.0,)]


def test_equal_moments_of_equal_rank_keep_the_order_of_their_file(town: Town) -> None:
    town.course("c", "6.1", "2024-03-01")
    for row, event_id in ((10, "a"), (9, "z"), (11, "m")):
        town.event("c", "JOBSAMTALE", "2024-03-01 09:00", event_id=event_id, source_row=row)
    town.event("c", "CV_SAMTALE", "2024-03-01 09:00", event_id="x", source_row=99)
    town.build()
    found = town.rows("select event_id from event_log order by event_number")
    assert found == [("x",), ("z",), ("a",), ("m",)]


def test_an_activity_nobody_ranked_comes_last_of_its_moment(town: Town) -> None:
    town.course("c", "6.1", "2024-03-01")
    town.event("c", "Brev sendt", "2024-03-01", event_id="a")
    town.event("c", "AFMELDT_ANDET", "2024-03-01", event_id="b")
    town.build()
    assert _walked(town) == ["AFMELDT_ANDET", "Brev sendt"]


def test_the_log_is_the_same_whatever_the_order_of_the_rows(town: Town) -> None:
    acts = [
        ("e1", "TILMELDT", "2024-03-01"), ("e2", "CV_GODKENDT", "2024-03-01"),
        ("e3", "JOBSAMTALE", "2024-03-01 08:00"), ("e4", "JOBSAMTALE", "2024-03-01 08:00"),
    ]  # fmt: skip
    logs = set()
    for order in permutations(acts):
        town.clear()
        town.course("c", "6.1", "2024-03-01")
        for event_id, activity, at in order:
            town.event("c", activity, at, event_id=event_id)
        town.log()
        logs.add(tuple(town.rows(
            "select event_id, activity_id from event_log order by event_number"
        )))
    (log,) = logs
    assert sorted(log) == [act[:2] for act in acts]
    assert [activity for _, activity in log] == [activity for _, activity, _ in acts]


def _walked(town: Town) -> list[str]:
    return [act for (act,) in town.rows("select activity_id from event_log order by event_number")]


# ---- the days of a case --------------------------------------------------------------------------


def test_a_case_ends_on_the_day_its_course_says_or_else_with_its_end_activity(town: Town) -> None:
    for course, ended_on in (("told", "2024-05-31"), ("deregistered", None), ("changed group", None),
                             ("open", None)):  # fmt: skip
        town.course(course, "6.1", "2024-03-01", ended_on)
        town.event(course, "TILMELDT", "2024-03-01")
    town.event("told", "AFMELDT_JOB", "2024-05-30")
    town.event("deregistered", "AFMELDT_UDDANNELSE", "2024-05-30")
    town.event("changed group", "MAALGRUPPESKIFT", "2024-05-30")
    town.event("open", "JOBSAMTALE", "2024-05-30")
    town.course("without events", "6.1", "2024-03-01")
    town.build()
    assert _cases(town, "is_closed, ended_on::varchar, n_events") == {
        "told": (True, "2024-05-31", 2),
        "deregistered": (True, "2024-05-30", 2),
        "changed group": (True, "2024-05-30", 2),
        "open": (False, None, 2),
        "without events": (False, None, 0),
    }


def test_a_shift_into_the_group_of_a_case_begins_it_and_only_a_later_one_ends_it(town: Town) -> None:
    for course in ("stays", "leaves"):
        town.course(course, "6.3", "2024-03-01")
        # the summons of that day has a lower rank: the shift is not even the first act
        town.event(course, "INDKALDT", "2024-03-01")
        town.event(course, "MAALGRUPPESKIFT", "2024-03-01")
        town.event(course, "JOBSAMTALE", "2024-03-08")
    town.event("leaves", "MAALGRUPPESKIFT", "2024-05-30")
    town.course("begins and leaves on a day", "6.3", "2024-03-01")
    for activity in ("FOERSTE_HENVENDELSE", "MAALGRUPPESKIFT"):
        town.event("begins and leaves on a day", activity, "2024-03-01")
    town.build()
    assert _cases(town, "is_closed, ended_on::varchar, n_events") == {
        "stays": (False, None, 3), "leaves": (True, "2024-05-30", 4),
        "begins and leaves on a day": (True, "2024-03-01", 2),
    }


def test_a_case_that_begins_again_ends_with_its_last_end_activity(town: Town) -> None:
    town.course("c", "6.1", "2024-03-01")
    for activity, day in (("TILMELDT", "2024-03-01"), ("AFMELDT_JOB", "2024-04-01"),
                          ("TILMELDT", "2024-05-01"), ("AFMELDT_ANDET", "2024-06-01")):  # fmt: skip
        town.event("c", activity, day)
    town.build()
    assert _cases(town, "is_closed, ended_on::varchar") == {"c": (True, "2024-06-01")}


@pytest.mark.parametrize(
    ("registered_on", "ended_on", "days", "told"),
    [
        ("2024-03-04", "2024-03-04", 0, "the same Monday"),
        ("2024-03-04", "2024-03-05", 1, "Monday to Tuesday"),
        ("2024-03-08", "2024-03-11", 1, "Friday to Monday: the weekend does not count"),
        ("2024-03-08", "2024-03-10", 0, "Friday to Sunday"),
        ("2024-03-09", "2024-03-11", 1, "Saturday to Monday"),
        ("2024-03-04", "2024-03-18", 10, "two weeks"),
        ("2024-03-27", "2024-04-02", 1, "over Easter: 28, 29 March and 1 April are holidays"),
        ("2024-12-23", "2025-01-02", 5, "24, 27, 30, 31 December, 2 January: 24 and 31 are workdays"),
        ("2023-05-04", "2023-05-08", 1, "Store bededag 2023, a Friday"),
        ("2024-04-25", "2024-04-29", 2, "no Store bededag in 2024"),
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(
    town: Town, registered_on: str, ended_on: str, days: int, told: str
) -> None:
    town.course("closed", "6.1", registered_on, ended_on)
    town.event("closed", "TILMELDT", registered_on)
    town.course("open", "6.1", registered_on)  # counted to the last event so far
    town.event("open", "TILMELDT", registered_on)
    town.event("open", "JOBSAMTALE", ended_on)
    town.build()
    assert _cases(town, "working_days") == {"closed": (days,), "open": (days,)}, told


# ---- changes of law ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registered_on", "last_event_on", "ended_on", "spans", "regime"),
    [
        ("2023-12-01", "2023-12-31", None, False, "20200101"),
        ("2023-12-01", "2024-01-01", None, True, "20200101"),
        ("2023-12-31", "2024-01-02", None, True, "20200101"),
        ("2024-01-01", "2024-01-02", None, False, "20240101"),
        ("2023-12-01", "2023-12-02", "2023-12-31", False, "20200101"),
        ("2023-12-01", "2023-12-02", "2024-01-01", True, "20200101"),
        ("2023-12-01", "2024-01-05", "2023-12-31", False, "20200101"),  # over before the change
        ("2019-12-31", "2020-01-01", None, True, None),
    ],
)
def test_a_case_spans_a_change_of_law_from_the_day_the_law_starts(
    town: Town,
    registered_on: str,
    last_event_on: str,
    ended_on: str | None,
    spans: bool,
    regime: str | None,
) -> None:
    town.course("c", "6.1", registered_on, ended_on)
    town.event("c", "TILMELDT", registered_on)
    town.event("c", "JOBSAMTALE", last_event_on)
    town.build()
    regime_id = regime and f"forsikrede_ledige__{regime}"
    assert _cases(town, "spans_law_change, regime_id") == {"c": (spans, regime_id)}


@pytest.mark.parametrize(
    ("from_on", "to_on", "crosses"),
    [
        ("2023-12-30", "2023-12-31", False),
        ("2023-12-31", "2024-01-01", True),
        ("2023-12-31", "2024-01-02", True),
        ("2024-01-01", "2024-01-01", False),
        ("2024-01-01", "2024-01-02", False),
        ("2023-12-31", "2026-07-01", True),  # two changes
        ("2026-06-30", "2026-07-01", True),
        ("2026-07-01", "2026-12-31", False),  # no later law in the register
    ],
)
def test_a_step_crosses_a_change_of_law_when_the_law_starts_after_its_first_day(
    town: Town, from_on: str, to_on: str, crosses: bool
) -> None:
    town.course("c", "6.1", from_on)
    town.event("c", "TILMELDT", from_on)
    town.event("c", "JOBSAMTALE", to_on)
    town.build()
    found = town.rows("select from_activity_id, to_activity_id, crosses_law_change from transitions")
    assert found == [("TILMELDT", "JOBSAMTALE", crosses)]


def test_a_change_of_law_of_another_process_is_not_crossed(town: Town) -> None:
    town.run("update regimes set valid_from = '2025-01-01' where regime_id = 'kontanthjaelp__20240101'")
    town.run("update regimes set valid_to = '2025-01-01' where regime_id = 'kontanthjaelp__20200101'")
    for course, group in (("insured", "6.1"), ("cash", "6.2")):
        town.course(course, group, "2023-12-31")
        town.event(course, "TILMELDT", "2023-12-31")
        town.event(course, "JOBSAMTALE", "2024-01-02")
    town.build()
    found = town.rows("select case_id, crosses_law_change from transitions order by case_id")
    assert found == [("cash", False), ("insured", True)]
    assert _cases(town, "spans_law_change") == {"cash": (False,), "insured": (True,)}


def test_a_process_without_any_regime_still_has_its_steps(town: Town) -> None:
    town.run("delete from regimes where process_id = 'kontanthjaelp'")
    town.course("c", "6.2", "2023-12-31")
    town.event("c", "FOERSTE_HENVENDELSE", "2023-12-31")
    town.event("c", "JOBSAMTALE", "2024-01-02")
    town.build()
    found = town.rows("select case_id, regime_id, crosses_law_change from transitions")
    assert found == [("c", None, False)]


def test_a_step_lasts_from_act_to_act(town: Town) -> None:
    town.course("c", "6.1", "2024-03-01")
    town.event("c", "TILMELDT", "2024-03-01 10:00")
    town.event("c", "JOBSAMTALE", "2024-03-02 10:00:30")
    town.event("c", "AFMELDT_JOB", "2024-03-02 10:00:30")
    town.build()
    found = town.rows("select event_number, elapsed_seconds from transitions order by event_number")
    assert found == [(1, 86430.0), (2, 0.0)]


# ---- paths ---------------------------------------------------------------------------------------


def _walk(town: Town, course: str, path: list[str], group: str = "6.1") -> None:
    town.course(course, group, "2024-03-01")
    for day, activity in enumerate(path, start=1):
        town.event(course, activity, f"2024-03-{day:02}")


def test_two_cases_share_a_variant_id_only_when_they_share_their_path(town: Town) -> None:
    paths = {
        "abc": ["TILMELDT", "INDKALDT", "JOBSAMTALE"],
        "acb": ["TILMELDT", "JOBSAMTALE", "INDKALDT"],
        "bca": ["INDKALDT", "JOBSAMTALE", "TILMELDT"],
        "ab": ["TILMELDT", "INDKALDT"],
        "aabb": ["TILMELDT", "TILMELDT", "INDKALDT", "INDKALDT"],
        "abab": ["TILMELDT", "INDKALDT", "TILMELDT", "INDKALDT"],
        "abba": ["TILMELDT", "INDKALDT", "INDKALDT", "TILMELDT"],
        "a": ["TILMELDT"],
        "aa": ["TILMELDT", "TILMELDT"],
    }
    for name, path in paths.items():
        _walk(town, name, path)
        _walk(town, f"{name} again", path)
    town.build()
    ids = {case: variant_id for case, (variant_id,) in _cases(town, "variant_id").items()}
    assert all(ids[name] == ids[f"{name} again"] for name in paths)
    assert len(set(ids.values())) == len(paths)
    assert town.found_by(DATA_TEST) == []


def test_every_order_of_the_same_acts_is_a_variant_of_its_own(town: Town) -> None:
    acts = ["TILMELDT", "CV_GODKENDT", "INDKALDT", "JOBSAMTALE", "MIN_PLAN"]
    orders = list(permutations(acts))
    random.Random(2024).shuffle(orders)
    days = [f"2024-03-{day:02}" for day in range(1, 6)]
    town.insert("int_courses", [
        (f"c{n}", "citizen", "6.1", days[0], None, None, "course", None) for n in range(120)
    ])
    events = [
        (5 * n + d, f"c{n}-{day}", act, day, day, "day", day, "file", 1, None, None, None, None)
        for n, order in enumerate(orders)
        for d, (act, day) in enumerate(zip(order, days, strict=True))
    ]
    town.insert("events", events)
    town.insert("event_objects", [(one[1], str(one[1]).split("-")[0], "course") for one in events])
    town.build()
    assert town.rows("select count(*), count(distinct variant_id) from cases") == [(120, 120)]
    assert town.found_by(DATA_TEST) == []


def test_the_time_between_the_acts_does_not_make_another_variant(town: Town) -> None:
    town.course("quick", "6.1", "2024-03-01")
    town.event("quick", "TILMELDT", "2024-03-01 09:00")
    town.event("quick", "JOBSAMTALE", "2024-03-01 09:01")
    town.course("slow", "6.1", "2021-03-01")
    town.event("slow", "TILMELDT", "2021-03-01")
    town.event("slow", "JOBSAMTALE", "2023-03-01")
    town.build()
    assert len(set(_cases(town, "variant_id").values())) == 1
    assert town.rows("select n_cases from variants order by regime_id") == [(1,), (1,)]


# ---- the dbt test of the paths -------------------------------------------------------------------


def _three_cases(town: Town) -> None:
    _walk(town, "one", ["TILMELDT", "INDKALDT", "JOBSAMTALE"])
    _walk(town, "two", ["TILMELDT", "INDKALDT", "JOBSAMTALE"])
    _walk(town, "three", ["TILMELDT", "JOBSAMTALE", "INDKALDT"])
    town.build()
    assert town.found_by(DATA_TEST) == []


SPOILT = {
    "two paths of one length share an id": """
        update cases set variant_id = (select variant_id from cases where case_id = 'one');
    """,
    "an example that hides the other path": """
        update cases set variant_id = (select variant_id from cases where case_id = 'one');
        update variants set n_cases = 3 where n_cases = 2;
        delete from variants where n_cases = 1;
    """,
    "one path has two ids": "update cases set variant_id = 'other' where case_id = 'two';",
    "the id was made of another order": """
        update event_log set event_number = 5 - event_number
        where case_id = 'two' and event_number > 1;
    """,
    "a variant tells a path nobody walked": """
        update variants set activities = list_reverse(activities) where n_cases = 2;
    """,
    "a variant is missing": "delete from variants where n_cases = 2;",
    "a variant nobody walked": "insert into variants by name from (select * replace('x' as variant_id)"
    " from variants limit 1);",
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_the_dbt_test_finds_paths_that_disagree(town: Town, spoilt: str) -> None:
    _three_cases(town)
    town.run(SPOILT[spoilt])
    assert town.found_by(DATA_TEST) != []


def test_the_dbt_test_holds_for_cases_outside_every_regime_and_without_events(town: Town) -> None:
    town.course("early", "6.1", "2015-03-01")
    town.event("early", "TILMELDT", "2015-03-01")
    town.course("empty", "6.1", "2024-03-01")
    town.build()
    assert town.rows("select regime_id from variants") == [(None,)]
    assert town.found_by(DATA_TEST) == []
