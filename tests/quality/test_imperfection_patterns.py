"""The patterns of Suriadi et al.: each detector finds its planted fault and only it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.quality.planted_log import PlantedLog


@pytest.fixture
def log() -> Iterator[PlantedLog]:
    with PlantedLog() as made:
        yield made


class TestFormBased:
    def test_acts_of_one_moment_are_found_and_their_neighbours_are_not(self, log: PlantedLog) -> None:
        log.case("A")
        log.event("A", "VISITATION", "2024-03-01 10:00:01", "before")
        log.event("A", "MIN_PLAN", "2024-03-01 10:04:11", "plan")
        log.event("A", "JOBSAMTALE", "2024-03-01 10:04:11", "talk")
        log.event("A", "INDKALDT", "2024-03-01 10:04:12", "after")
        assert log.found("form_based") == {"plan", "talk"}

    def test_an_act_known_by_its_day_between_them_hides_nothing(self, log: PlantedLog) -> None:
        log.case("A")
        for activity, at in (
            ("MIN_PLAN", "2024-03-01 10:04:11"), ("FRAVAER_START", "2024-03-01"),
            ("JOBSAMTALE", "2024-03-01 10:04:11"),
        ):  # fmt: skip
            log.event("A", activity, at, activity)
        assert log.found("form_based") == {"MIN_PLAN", "JOBSAMTALE"}

    def test_two_acts_that_one_row_tells_are_no_form(self, log: PlantedLog) -> None:
        log.case("A")
        log.event("A", "INDKALDT", "2024-03-01 10:04:11", row=7)
        log.event("A", "JOBSAMTALE", "2024-03-01 10:04:11", row=7)
        assert log.found("form_based") == set()

    def test_one_act_told_twice_is_no_form(self, log: PlantedLog) -> None:
        log.case("A")
        log.event("A", "JOBSAMTALE", "2024-03-01 10:04:11")
        log.event("A", "JOBSAMTALE", "2024-03-01 10:04:11")
        assert log.found("form_based") == set()

    def test_days_without_a_time_and_midnights_are_no_form(self, log: PlantedLog) -> None:
        log.case("A")
        log.event("A", "MIN_PLAN", "2024-03-01")
        log.event("A", "JOBSAMTALE", "2024-03-01")
        log.event("A", "MIN_PLAN", "2024-04-01 00:00:00", flag="midnight")
        log.event("A", "JOBSAMTALE", "2024-04-01 00:00:00", flag="midnight")
        assert log.found("form_based") == set()

    def test_acts_registered_on_different_days_were_not_saved_in_one_form(
        self, log: PlantedLog
    ) -> None:
        log.case("A")
        log.event("A", "MIN_PLAN", "2024-03-01 10:04:11", registered="2024-03-01 12:00")
        log.event("A", "JOBSAMTALE", "2024-03-01 10:04:11", registered="2024-03-05 12:00")
        assert log.found("form_based") == set()

    @pytest.mark.parametrize(
        ("plan", "talk", "found"),
        [
            ("2024-03-01 22:30", "2024-03-01 23:30", set()),
            ("2024-03-01 23:30", "2024-03-02 10:00", {"plan", "talk"}),
        ],
        ids=["either side of a Danish midnight", "one Danish day, two of UTC"],
    )
    def test_the_day_of_a_form_is_a_danish_one(
        self, log: PlantedLog, plan: str, talk: str, found: set[str]
    ) -> None:
        log.case("A")
        log.event("A", "MIN_PLAN", "2024-03-01 10:04:11", "plan", registered=plan)
        log.event("A", "JOBSAMTALE", "2024-03-01 10:04:11", "talk", registered=talk)
        assert log.found("form_based") == found

    def test_activities_that_always_share_their_moment_are_one_step(self, log: PlantedLog) -> None:
        for number in range(20):
            log.case(f"case {number}")
            at = f"2024-03-01 10:04:{10 + number}"
            log.event(f"case {number}", "ANSOEGNING_MODTAGET", at)
            log.event(f"case {number}", "VISITATION", at, f"second {number}")
        assert log.found("form_based") == set()
        assert log.found("collateral") == {f"second {number}" for number in range(20)}


class TestCollateral:
    @staticmethod
    def pairs(log: PlantedLog, seconds: int, n: int = 20, alone: int = 0) -> None:
        for number in range(n + alone):
            at = datetime(2024, 3, 1 + number, 10, 4)
            log.case(f"case {number}")
            if number < n:
                log.event(f"case {number}", "AFGOERELSE_YDELSE", at)
            then = at + timedelta(seconds=seconds)
            log.event(f"case {number}", "BREV_SENDT", then, f"letter {number}")

    def test_what_nearly_always_follows_in_seconds_is_found(self, log: PlantedLog) -> None:
        self.pairs(log, seconds=10, n=20, alone=2)
        assert log.found("collateral") == {f"letter {number}" for number in range(20)}

    @pytest.mark.parametrize(
        ("seconds", "n", "alone"),
        [(11, 20, 0), (10, 19, 0), (10, 20, 3)],
        ids=["later", "seldom", "often without it"],
    )
    def test_what_only_looks_like_it_is_not(
        self, log: PlantedLog, seconds: int, n: int, alone: int
    ) -> None:
        self.pairs(log, seconds, n, alone)
        assert log.found("collateral") == set()

    def test_the_same_activity_twice_in_a_row_is_work_done_twice(self, log: PlantedLog) -> None:
        for number in range(20):
            log.case(f"case {number}")
            log.event(f"case {number}", "JOBSAMTALE", "2024-03-01 10:00:00")
            log.event(f"case {number}", "JOBSAMTALE", "2024-03-01 10:00:05")
        assert log.found("collateral") == set()


class TestTimeTravel:
    @pytest.mark.parametrize(
        "told",
        ["2024-02-29 10:00", "2024-02-06 10:00", "2023-03-06 10:00"],
        ids=["a day", "a month", "a year"],
    )
    def test_an_act_told_a_unit_too_early_is_found_by_its_order(
        self, log: PlantedLog, told: str
    ) -> None:
        log.usual_cases()
        registered = "2024-03-01 09:00" if told == "2024-02-29 10:00" else "2024-03-03 09:00"
        log.case("A")
        log.event("A", "TILMELDT", registered, "registration")
        log.event("A", "VISITATION", told, "travels")
        log.event("A", "JOBSAMTALE", "2024-03-20 10:00", "talk")
        assert log.found("time_travel") == {"travels"}
        assert log.found("swapped_day_month") == set()

    def test_the_one_that_was_told_too_late_is_found(self, log: PlantedLog) -> None:
        log.usual_cases()
        log.case("A")
        log.event("A", "VISITATION", "2024-03-06 10:00")
        log.event("A", "JOBSAMTALE", "2024-03-20 10:00")
        log.event("A", "TILMELDT", "2025-03-04 10:00", "registered a year too late")
        assert log.found("time_travel") == {"registered a year too late"}

    def test_last_years_number_typed_in_january_is_found_by_the_registration(
        self, log: PlantedLog
    ) -> None:
        log.case("A")
        log.event("A", "JOBSAMTALE", "2023-01-08 10:00", "year", registered="2024-01-09 09:00")
        log.event("A", "JOBSAMTALE", "2023-01-11 10:00", "late", registered="2024-01-09 09:00")
        assert log.found("time_travel") == {"year"}

    @pytest.mark.parametrize(
        ("registered", "found"),
        [("2024-01-08 09:00", {"year"}), ("2024-01-09 09:00", {"year"}), ("2024-01-09 23:30", set())],
        ids=["the very day", "the day after", "two Danish days after"],
    )
    def test_a_year_off_is_reckoned_in_danish_days(
        self, log: PlantedLog, registered: str, found: set[str]
    ) -> None:
        log.case("A")
        log.event("A", "JOBSAMTALE", "2023-01-08", "year", registered=registered)
        assert log.found("time_travel") == found

    @pytest.mark.parametrize(
        ("last", "found"),
        [("2024-02-13 23:30", {"a year early"}), ("2024-02-13 22:30", set())],
        ids=["the 14th in Denmark", "the 13th"],
    )
    def test_what_is_put_right_lies_near_the_danish_days_of_its_case(
        self, log: PlantedLog, last: str, found: set[str]
    ) -> None:
        log.usual_cases()
        log.case("A")
        # put right it is the 16th of March 2024, which is 31 days after the 14th of February
        log.event("A", "VISITATION", "2023-03-16 10:00", "a year early")
        log.event("A", "TILMELDT", "2023-05-20 10:00")
        log.event("A", "JOBSAMTALE", last)
        assert log.found("time_travel") == found

    def test_an_order_that_no_such_move_mends_is_only_unusual(self, log: PlantedLog) -> None:
        log.usual_cases()
        log.case("A")
        log.event("A", "VISITATION", "2024-01-02 10:00")
        log.event("A", "TILMELDT", "2024-03-20 09:00")
        log.event("A", "JOBSAMTALE", "2024-03-28 10:00")
        assert log.found("time_travel") == set()

    def test_an_order_that_many_cases_do_not_keep_is_no_rule(self, log: PlantedLog) -> None:
        log.usual_cases()
        for number in range(3):
            log.case(f"other {number}")
            log.event(f"other {number}", "VISITATION", "2024-02-29 10:00")
            log.event(f"other {number}", "TILMELDT", "2024-03-01 09:00")
        assert log.found("time_travel") == set()

    def test_an_act_that_was_registered_when_it_is_told_is_believed(self, log: PlantedLog) -> None:
        log.usual_cases()
        log.case("A")
        log.event("A", "VISITATION", "2024-02-29 10:00", registered="2024-02-29 10:05")
        log.event("A", "TILMELDT", "2024-03-01 09:00", registered="2024-03-01 09:05")
        assert log.found("time_travel") == set()

    def test_the_order_within_a_day_breaks_nothing(self, log: PlantedLog) -> None:
        log.usual_cases()
        log.case("A")
        log.event("A", "VISITATION", "2024-03-01 08:00")
        log.event("A", "TILMELDT", "2024-03-01 09:00")
        assert log.found("time_travel") == set()


class TestScatteredEvent:
    def test_a_late_change_for_which_nothing_is_told_is_found(self, log: PlantedLog) -> None:
        log.case("A")
        log.event("A", "JOBSAMTALE", "2024-03-01 10:00", "talk", changed="2024-05-10 13:02:11")
        log.event("A", "MIN_PLAN", "2024-04-20 10:00", changed="2024-04-20 10:05")
        assert log.found("scattered_event") == {"talk"}

    def test_a_change_that_goes_with_an_act_of_the_case_hides_nothing(self, log: PlantedLog) -> None:
        log.case("A")
        # the row of the period is changed when it ends, some days after the act
        log.event("A", "TILMELDT", "2024-03-01", row=1, changed="2024-06-04 08:00")
        log.event("A", "AFMELDT_JOB", "2024-06-01", row=1, changed="2024-06-04 08:00")
        assert log.found("scattered_event") == set()

    @pytest.mark.parametrize(
        ("told", "found"),
        [
            ("2024-05-11", set()), ("2024-05-04", set()),
            ("2024-05-03", {"talk"}), ("2024-05-12", {"talk"}),
        ],
    )
    def test_a_change_late_in_the_evening_was_made_on_the_danish_day(
        self, log: PlantedLog, told: str, found: set[str]
    ) -> None:
        log.case("A")
        log.event("A", "JOBSAMTALE", "2024-03-01 10:00", "talk", changed="2024-05-10 23:30")
        log.event("A", "MIN_PLAN", told)
        assert log.found("scattered_event") == found

    def test_the_act_of_another_case_explains_nothing(self, log: PlantedLog) -> None:
        log.case("A")
        log.case("B")
        log.event("A", "JOBSAMTALE", "2024-03-01 10:00", "talk", changed="2024-05-10 13:02:11")
        log.event("B", "JOBSAMTALE", "2024-05-10 13:00")
        assert log.found("scattered_event") == {"talk"}

    def test_a_migration_that_touches_many_rows_in_a_second_is_no_act(self, log: PlantedLog) -> None:
        for number in range(20):
            log.case(f"case {number}")
            log.event(f"case {number}", "JOBSAMTALE", "2024-03-01 10:00", changed="2024-05-10 13:02:11")
        assert log.found("scattered_event") == set()


class TestScatteredCase:
    def test_a_course_that_goes_on_in_another_system_is_found(self, log: PlantedLog) -> None:
        log.case("first half", "c", "fasit", "2024-01-01", "2024-05-01")
        log.case("second half", "c", "momentum", "2024-05-20")
        assert log.found("scattered_case") == {"first half", "second half"}

    @pytest.mark.parametrize(
        ("system", "registered_on", "citizen", "process"),
        [
            ("fasit", "2024-05-20", "c", "forsikrede_ledige"),
            ("momentum", "2024-06-01", "c", "forsikrede_ledige"),
            ("momentum", "2024-05-20", "d", "forsikrede_ledige"),
            ("momentum", "2024-05-20", "c", "kontanthjaelp"),
        ],
        ids=["same system", "later", "somebody else", "another process"],
    )
    def test_what_only_looks_like_it_is_not(
        self, log: PlantedLog, system: str, registered_on: str, citizen: str, process: str
    ) -> None:
        log.case("one", "c", "fasit", "2024-01-01", "2024-05-01")
        log.case("two", citizen, system, registered_on, process=process)
        assert log.found("scattered_case") == set()

    @pytest.mark.parametrize(
        ("last", "found"),
        [
            ("2024-05-01 23:30", {"one", "two"}), ("2024-05-02", {"one", "two"}),
            ("2024-05-01 21:30", set()),
        ],
    )
    def test_a_case_without_an_end_ends_on_the_danish_day_of_its_last_act(
        self, log: PlantedLog, last: str, found: set[str]
    ) -> None:
        log.case("one", "c", "fasit", "2024-01-01")
        log.event("one", "JOBSAMTALE", last)
        log.case("two", "c", "momentum", "2024-06-01")
        assert log.found("scattered_case") == found

    def test_a_case_that_was_merged_already_is_one(self, log: PlantedLog) -> None:
        log.case("one", "c", "fasit", "2024-01-01", "2024-05-01")
        log.insert("int_courses", [("other course", "c", "momentum")])
        log.insert("int_case_members", [("forsikrede_ledige", "one", "other course", "c")])
        assert log.found("scattered_case") == set()


def test_only_an_event_that_no_process_has_in_a_case_is_elusive(log: PlantedLog) -> None:
    log.case("A")
    log.event("A", "JOBSAMTALE", "2024-03-01 10:00", process="kontanthjaelp")
    log.insert("events (event_id)", [("nowhere",)])
    assert log.found("elusive_case") == {"nowhere"}
