"""Faults of times: each detector finds what is planted, and not what only looks like it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.quality.planted_log import PlantedLog


@pytest.fixture
def log() -> Iterator[PlantedLog]:
    with PlantedLog() as made:
        yield made


class TestSwappedDayAndMonth:
    def test_a_swap_is_found_by_its_registration(self, log: PlantedLog) -> None:
        log.case("A")
        log.event("A", "JOBSAMTALE", "2024-04-03 10:00", "swapped", registered="2024-03-04 11:00")
        log.event("A", "JOBSAMTALE", "2024-05-06 10:00", "early", registered="2024-06-05 11:00")
        assert log.found("swapped_day_month") == {"swapped", "early"}

    def test_a_registration_known_by_its_day_alone_is_of_that_day_in_denmark(
        self, log: PlantedLog
    ) -> None:
        log.case("A")
        # midnight of 4 March in Denmark, as UTC
        log.event("A", "JOBSAMTALE", "2024-04-03 10:00", "swapped", registered="2024-03-03 23:00")
        assert log.found("swapped_day_month") == {"swapped"}

    def test_a_swap_is_found_by_its_order(self, log: PlantedLog) -> None:
        log.usual_cases()
        log.case("A")
        log.event("A", "VISITATION", "2024-02-05 10:00", "swapped")
        log.event("A", "TILMELDT", "2024-05-01 09:00")
        log.event("A", "JOBSAMTALE", "2024-05-20 10:00")
        assert log.found("swapped_day_month") == {"swapped"}
        assert log.found("time_travel") == set()

    @pytest.mark.parametrize(
        ("at", "registered"),
        [
            ("2024-03-04 10:00", "2024-03-04 11:00"),
            ("2024-03-03 10:00", "2024-05-03 11:00"),
            ("2024-03-13 10:00", "2024-05-20 11:00"),
            ("2024-03-04 10:00", "2024-04-20 11:00"),
            ("2024-03-04 10:00", None),
        ],
        ids=["right", "day is month", "no such month", "only late", "unknown registration"],
    )
    def test_what_only_looks_like_it_is_not(
        self, log: PlantedLog, at: str, registered: str | None
    ) -> None:
        log.case("A")
        log.event("A", "JOBSAMTALE", at, registered=registered)
        assert log.found("swapped_day_month") == set()


class TestUnanchored:
    @staticmethod
    def lagging(log: PlantedLog, winter: int, summer: int, table: str = "contacts") -> None:
        """Twenty acts in each season, registered so many minutes after they are told."""
        log.case(table)
        for month, minutes in ((1, winter), (7, summer)):
            for number in range(20):
                at = datetime(2024, month, 1 + number, 10)
                log.event(
                    table, "JOBSAMTALE", at, f"{month}/{number}", table=table,
                    registered=at + timedelta(minutes=minutes),
                )  # fmt: skip

    @pytest.mark.parametrize("direction", [-1, 1])
    def test_a_table_that_is_one_hour_off_in_winter_and_two_in_summer_has_another_zone(
        self, log: PlantedLog, direction: int
    ) -> None:
        self.lagging(log, 60 * direction, 120 * direction)
        assert len(log.found("unanchored")) == 40

    @pytest.mark.parametrize(("winter", "summer"), [(60, 60), (5, 5), (60, 20), (120, 60)])
    def test_an_hour_of_delay_all_year_is_only_a_delay(
        self, log: PlantedLog, winter: int, summer: int
    ) -> None:
        self.lagging(log, winter, summer)
        assert log.found("unanchored") == set()

    def test_what_the_reader_could_not_anchor_is_found_and_a_doubled_hour_is_not(
        self, log: PlantedLog
    ) -> None:
        log.case("A")
        log.event("A", "MIN_PLAN", "2024-03-31 02:30", "gap", flag="dst_gap")
        log.event("A", "AFMELDT_JOB", "2024-04-30", "zone", flag="not_midnight")
        log.event("A", "MIN_PLAN", "2024-10-27 02:30", flag="dst_fold")
        assert log.found("unanchored") == {"gap", "zone"}

    def test_a_year_read_as_a_day_is_found_by_the_registration(self, log: PlantedLog) -> None:
        log.case("A")
        # 25-03-22 is 22 March 2025, and was read as 25 March 2022
        log.event("A", "JOBSAMTALE", "2022-03-25 10:00", "read", registered="2025-03-22 12:00")
        log.event("A", "JOBSAMTALE", "2022-03-25 10:00", "late", registered="2025-04-22 12:00")
        log.event("A", "JOBSAMTALE", "2030-02-29".replace("29", "28"), registered="2030-02-28 12:00")
        assert log.found("unanchored") == {"read"}

    def test_an_event_many_years_from_the_rest_of_its_case_is_found(self, log: PlantedLog) -> None:
        for case, first in (("A", "1924-03-01 10:00"), ("B", "2016-03-01 10:00")):
            log.case(case)
            log.event(case, "TILMELDT", first, f"first of {case}")
            log.event(case, "VISITATION", "2024-03-05 10:00")
            log.event(case, "JOBSAMTALE", "2024-03-20 10:00")
        log.case("C")
        log.event("C", "TILMELDT", "1900-01-01", flag="placeholder_date")
        log.event("C", "VISITATION", "2024-03-05 10:00")
        log.event("C", "JOBSAMTALE", "2024-03-20 10:00")
        assert log.found("unanchored") == {"first of A"}


class TestMixedGranularity:
    @staticmethod
    def acts(log: PlantedLog, n: int, at: str, process: str = "P", activity: str = "TILMELDT") -> None:
        case = f"{process} {activity} {at}"
        log.case(case, process=process)
        for number in range(n):
            log.event(case, activity, at, f"{at} {number}", process=process)

    def test_the_minority_is_found(self, log: PlantedLog) -> None:
        self.acts(log, 60, "2024-03-01 10:00:07")
        self.acts(log, 20, "2024-03-01")
        assert log.found("mixed_granularity") == {f"2024-03-01 {number}" for number in range(20)}

    def test_whole_minutes_among_seconds_are_rounded(self, log: PlantedLog) -> None:
        self.acts(log, 20, "2024-03-01 10:00:07")
        self.acts(log, 60, "2024-03-01 10:05:00")
        assert log.found("mixed_granularity") == {f"2024-03-01 10:00:07 {n}" for n in range(20)}

    def test_one_way_of_telling_stray_ones_and_another_activity_are_not(self, log: PlantedLog) -> None:
        self.acts(log, 60, "2024-03-01 10:05:00")
        self.acts(log, 19, "2024-03-02")  # too few to be a habit
        self.acts(log, 400, "2024-03-01 11:05:00", activity="JOBSAMTALE")
        self.acts(log, 40, "2024-03-03", activity="JOBSAMTALE")  # nine per cent
        self.acts(log, 60, "2024-03-04", activity="MIN_PLAN")
        self.acts(log, 60, "2024-03-05", process="Q")
        assert log.found("mixed_granularity") == set()


class TestDifferentClocks:
    @staticmethod
    def twice(log: PlantedLog, minutes: list[float], activity: str = "JOBSAMTALE") -> None:
        for number, offset in enumerate(minutes):
            at = datetime(2024, 3, 1 + number % 28, 10)
            for system, moment in (("fasit", at), ("momentum", at + timedelta(minutes=offset))):
                case = f"{system} {number}"
                log.case(case, citizen=f"citizen {number}", system=system)
                name = activity if system == "fasit" else "JOBSAMTALE"
                log.event(case, name, moment, f"{case} act", system=system)

    def test_a_constant_offset_between_two_systems_is_found_in_both(self, log: PlantedLog) -> None:
        self.twice(log, [60.0] * 18 + [60.5, 61, 7, -40])
        assert len(log.found("different_clocks")) == 2 * 20

    @pytest.mark.parametrize(
        "minutes",
        [[0.0] * 30, [4.0] * 30, [60.0] * 19, [float(10 * n) for n in range(24)]],
        ids=["the same", "minutes", "few", "now this, now that"],
    )
    def test_what_only_looks_like_it_is_not(self, log: PlantedLog, minutes: list[float]) -> None:
        self.twice(log, minutes)
        assert log.found("different_clocks") == set()

    def test_other_acts_of_the_citizen_an_hour_apart_are_not_compared(self, log: PlantedLog) -> None:
        self.twice(log, [60.0] * 30, activity="MIN_PLAN")
        assert log.found("different_clocks") == set()


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        ("zero_time", ("midnight", "utc_midnight", "placeholder_date")),
        ("batch_registration", ("batch_second",)),
        ("in_future", ("after_delivery",)),
    ],
)
def test_a_flagged_time_is_found_by_the_pattern_it_belongs_to_and_by_no_other(
    log: PlantedLog, pattern: str, flags: tuple[str, ...]
) -> None:
    log.case("A")
    for flag in (
        "midnight", "utc_midnight", "placeholder_date", "batch_second", "after_delivery",
        "dst_fold", "minute_apart", "registered_before_occurred",
    ):  # fmt: skip
        log.event("A", "JOBSAMTALE", "2024-03-01 10:00", flag, flag=flag)
    log.insert("event_time_flags", [("utc_midnight", "midnight")])
    assert log.found(pattern) == set(flags)


def test_only_what_is_registered_more_than_a_month_after_it_happened_is_late(log: PlantedLog) -> None:
    log.case("A")
    for name, registered in (
        ("late", "2024-03-31 10:00:01"), ("in time", "2024-03-31 10:00:00"), ("unknown", None),
        ("before", "2024-01-01 10:00:00"),
    ):  # fmt: skip
        log.event("A", "JOBSAMTALE", "2024-03-01 10:00", name, registered=registered)
    assert log.found("late_registration") == {"late"}


def test_every_limit_of_these_detectors_is_a_row_with_a_reason(log: PlantedLog) -> None:
    rows = log.rows("select limit_id, amount, notes from quality_limits")
    assert all(amount is not None and notes for _, amount, notes in rows)
