"""What is odd about a time is flagged, and the time stays as it was told."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.law.core_sql import Core

_JUDGED = """
create table int_events_judged (
    event_id varchar, system_id varchar default 'momentum', citizen_key varchar default 'c',
    activity_id varchar default 'MIN_PLAN', org_unit_id varchar default 'TEAM',
    occurred_at timestamp, occurred_on date, occurred_precision varchar default 'second',
    occurred_flag varchar, registered_at timestamp, registered_precision varchar,
    delivery_id varchar default 'd', delivered_on date default '2025-07-01',
    source_file varchar default 'f', source_row bigint default 1, reject_reason varchar
)
"""
_LOCAL = ZoneInfo("Europe/Copenhagen")


class Times(Core):
    """Acts with hand-made times under the shipped artefacts."""

    def __init__(self) -> None:
        super().__init__()
        self.run(_JUDGED)
        self.seed("activities", "time_artefacts")

    def act(self, event_id: str, at: str, **columns: object) -> None:
        """An act at an instant in UTC (``…Z``) or at a Danish hour."""
        stamp = datetime.fromisoformat(at)
        if stamp.tzinfo is None:
            stamp = stamp.replace(tzinfo=_LOCAL)
        row = {
            "event_id": event_id, "occurred_at": stamp.astimezone(UTC).replace(tzinfo=None),
            "occurred_on": stamp.astimezone(_LOCAL).date(), **columns,
        }
        self.insert(f"int_events_judged ({', '.join(row)})", [list(row.values())])

    def flags(self) -> dict[str, list[str]]:
        self.make("event_time_flags")
        found = self.rows(
            "select event_id, list(flag order by flag) from event_time_flags group by all order by all"
        )
        return {str(event): flags for event, flags in found}


@pytest.fixture
def times() -> Iterator[Times]:
    with Times() as made:
        yield made


def test_an_ordinary_time_has_no_flag(times: Times) -> None:
    times.act("a", "2025-03-03 09:12:44", registered_at="2025-03-03 09:00",
              registered_precision="minute")  # fmt: skip
    times.act("b", "2025-03-04 09:12:44")
    assert times.flags() == {}


def test_what_the_reader_flagged_is_kept(times: Times) -> None:
    times.act("gap", "2025-03-30 03:30", occurred_flag="dst_gap")
    times.act("fold", "2025-10-26 02:30", occurred_flag="dst_fold", delivered_on="2026-01-01")
    assert times.flags() == {"fold": ["dst_fold"], "gap": ["dst_gap"]}


@pytest.mark.parametrize(
    ("system", "at", "flags"),
    [
        ("fasit", "2025-06-02 00:00", ["midnight"]),
        ("fasit", "2025-06-02 00:00:01", []),
        ("momentum", "2025-06-01T22:00:00Z", ["midnight", "utc_midnight"]),
        ("momentum", "2025-01-01T23:00:00Z", ["midnight", "utc_midnight"]),
        # the same hour all year: in winter an hour off, and the day before
        ("momentum", "2025-01-01T22:00:00Z", ["utc_midnight"]),
        ("fasit", "2025-01-01 23:00", []),
    ],
)
def test_the_hour_of_a_date_is_known_by_the_system_that_writes_it(
    times: Times, system: str, at: str, flags: list[str]
) -> None:
    times.act("a", at, system_id=system)
    assert times.flags() == ({"a": flags} if flags else {})


def test_a_date_that_comes_as_a_date_claims_no_hour(times: Times) -> None:
    times.act("a", "2025-06-02 00:00", occurred_precision="day")
    assert times.flags() == {}


def test_placeholder_dates_are_known_with_and_without_an_hour(times: Times) -> None:
    times.act("zero", "1900-01-01 00:00", occurred_precision="day")
    times.act("epoch", "1970-01-01 01:00", system_id="fasit")
    times.act("old", "1970-01-02 01:00", system_id="fasit")
    assert times.flags() == {"epoch": ["placeholder_date"], "zero": ["placeholder_date"]}


def test_talks_of_a_citizen_exactly_a_minute_apart_are_both_flagged(times: Times) -> None:
    for event, at, who in (
        ("a", "09:00:00", "c"), ("b", "09:01:00", "c"), ("c", "09:02:01", "c"), ("d", "09:02:00", "x"),
    ):  # fmt: skip
        times.act(event, f"2025-03-03 {at}", citizen_key=who, activity_id="JOBSAMTALE")
    times.act("plan", "2025-03-03 08:59:00")
    assert times.flags() == {"a": ["minute_apart"], "b": ["minute_apart"]}


def test_many_rows_registered_in_one_second_by_one_unit_are_a_batch(times: Times) -> None:
    at = {"registered_at": "2025-03-10 10:00:00", "registered_precision": "second"}
    for row in range(20):
        # two acts of one row are one row
        for act in ("a", "b"):
            times.act(f"{act}{row}", "2025-03-03 09:30", source_row=row, **at)
    for row in range(19):
        times.act(f"small{row}", "2025-03-03 09:30", source_row=row, org_unit_id="OTHER", **at)
        times.act(f"twice{row}", "2025-03-03 09:30", source_row=row, org_unit_id="OTHER", **at)
        times.act(f"minute{row}", "2025-03-03 09:30", source_row=row,
                  registered_at=at["registered_at"], registered_precision="minute")  # fmt: skip
    flagged = times.flags()
    assert set(flagged) == {f"{act}{row}" for act in ("a", "b") for row in range(20)}
    assert set(map(tuple, flagged.values())) == {("batch_second",)}


def test_an_act_after_its_delivery_or_its_registration_is_flagged(times: Times) -> None:
    times.act("plan", "2025-07-02 09:30")
    times.act("same day", "2025-07-01 23:30")
    times.act("early", "2025-03-03 09:30:00", registered_at="2025-03-03 08:29:59",
              registered_precision="second")  # fmt: skip
    # of a date only the day is compared: 00:30 in Denmark is the evening before in UTC
    times.act("by day", "2025-06-03 00:00", occurred_precision="day",
              registered_at="2025-06-02 22:30", registered_precision="minute")  # fmt: skip
    times.act("day before", "2025-06-03 00:00", occurred_precision="day",
              registered_at="2025-06-02 21:30", registered_precision="minute")  # fmt: skip
    assert times.flags() == {
        "day before": ["registered_before_occurred"], "early": ["registered_before_occurred"],
        "plan": ["after_delivery"],
    }


def test_the_lag_of_registration_makes_up_no_hour(times: Times) -> None:
    for column in ("source_table", "responsible_party", "resource_type", "mapping_id"):
        times.run(f"alter table int_events_judged add column {column} varchar")
    for column in ("changed_at", "started_at", "ended_at"):
        times.run(f"alter table int_events_judged add column {column} timestamp")
    second, day = {"registered_precision": "second"}, {"registered_precision": "day"}
    times.act("hours", "2025-03-03T09:00:00Z", registered_at="2025-03-03 21:00", **second)
    times.act("unknown", "2025-03-03T09:00:00Z")
    times.act("date of the act", "2025-06-03 00:00", occurred_precision="day",
              registered_at="2025-06-04 22:30", **second)  # fmt: skip
    times.act("date of registration", "2025-06-03 23:30", registered_at="2025-06-04 22:00", **day)
    times.act("before", "2025-03-03T09:00:00Z", registered_at="2025-03-02 09:00", **second)
    times.make("events")
    assert dict(times.rows("select event_id, registration_lag_days from events")) == {
        "hours": 0.5, "unknown": None, "date of the act": 2.0, "date of registration": 2.0,
        "before": -1.0,
    }
