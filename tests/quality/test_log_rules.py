"""Each kind of rule on a log finds what breaks it, and nothing else; what was looked at is counted."""

import pytest

from tests.quality.log_tables import NEXT_REGIME, REGIME, HandMadeLog, Row

DAY = "2024-05-01 "


def row(case: str, activity: str | None, at: str, begun: str | None = None, **more: str) -> Row:
    return Row(case, activity, DAY + at, begun and DAY + begun, **more)


@pytest.fixture
def visits() -> HandMadeLog:
    return HandMadeLog(
        [
            row("A", "REGISTER", "09:10:00", "09:00:00", who="clerk", unit="1"),
            row("A", "TREAT", "10:00:00", "09:05:00", who="nurse", unit="5"),
            row("A", "EVALUATE", "10:00:04", "10:00:00", who="doctor", unit="6"),
            row("B", "REGISTER", "10:00:08", "10:00:08", who="clerk"),
            row("B", "EVALUATE", "12:00:00", "12:30:00", who="doctor", unit="x"),
            row("C", None, "12:00:05", "11:59:00", who="nurse", unit="7"),
        ],
        groups={"A": "6.1", "B": "6.2", "C": "6.2"},
    )


def test_who_has_the_first_activity_has_the_others(visits: HandMadeLog) -> None:
    found = visits.ask("R", kind="related_activities", activity_id="EVALUATE|TREAT|REGISTER")
    assert found == [("B", 1)]
    assert visits.counts("R") == [(REGIME, 2, 1, 50.0, 0.0)]


@pytest.mark.parametrize(
    ("attribute", "values", "found", "checked"),
    [
        ("target_group", "6.2|6.3", [("B", 1), ("C", 1)], 2),
        ("target_group", "6.1", [], 1),
        ("org_unit_id", "6|x", [("B", 1)], 2),
        ("resource_type", "clerk", [("B", 1)], 2),
        ("responsible_party", "joint", [], 0),
    ],
)
def test_a_condition_asks_for_an_activity(
    visits: HandMadeLog, attribute: str, values: str, found: list[object], checked: int
) -> None:
    asked = visits.ask(
        "R", kind="conditional_presence", activity_id="TREAT", attribute=attribute,
        attribute_values=values, allowed_percent=60,
    )  # fmt: skip
    assert asked == found
    percent = 100.0 * len(found) / checked if checked else None
    assert visits.counts("R") == [(REGIME, checked, len(found), percent, 60.0)]


def test_no_value_is_in_no_range(visits: HandMadeLog) -> None:
    assert visits.ask(
        "BOUNDS", kind="value_range", attribute="org_unit_id", amount_from=1, amount=5
    ) == [(2, 1), (3, 1), (4, 1), (5, 1)]
    assert visits.ask(
        "LIST", kind="value_range", attribute="resource_type", attribute_values="clerk|nurse",
        activity_id="REGISTER|EVALUATE",
    ) == [(2, 1), (4, 1)]  # fmt: skip
    assert visits.counts("LIST") == [(REGIME, 4, 2, 50.0, 0.0)]


def test_work_that_lasts_no_time_or_less_is_an_anomaly(visits: HandMadeLog) -> None:
    assert visits.ask("R", kind="time_anomaly") == [(3, 1), (4, 1)]
    assert visits.ask("OF_ONE", kind="time_anomaly", activity_id="EVALUATE") == [(4, 1)]


def test_work_begins_while_other_work_of_the_case_goes_on(visits: HandMadeLog) -> None:
    # the evaluation begins the moment the treatment ends
    assert visits.ask("R", kind="overlap") == [(1, 1)]


def test_each_piece_of_work_that_goes_on_is_counted() -> None:
    log = HandMadeLog(
        [
            row("A", "X", "09:30:00", "09:00:00", who="nurse"),
            row("A", "X", "09:40:00", "09:10:00", who="doctor"),
            row("A", "X", "09:50:00", "09:20:00", who="nurse"),
            row("A", "X", "09:50:00", "09:20:00", who="doctor"),
            row("B", "X", "09:59:00", "09:45:00", who="nurse"),
            row("B", "X", "09:58:00", "09:46:00"),
        ]
    )
    assert log.ask("CASE", kind="overlap") == [(1, 1), (2, 2), (3, 2), (5, 1)]
    assert log.ask("DOER", kind="overlap", attribute="resource_type") == [(2, 1), (3, 1), (4, 1)]


def test_a_series_typed_in_one_go_is_of_a_case_or_of_a_doer(visits: HandMadeLog) -> None:
    ten = {"kind": "multi_registration", "amount": 5, "unit": "second"}
    assert visits.ask("CASE", **ten) == [(1, 1), (2, 1)]
    assert visits.ask("UNIT", **ten, attribute="resource_type") == []
    assert visits.ask("WIDE", **ten | {"unit": "hour"}, attribute="resource_type") == [
        (0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1),
    ]  # fmt: skip


def test_rows_that_know_their_day_only_are_no_series() -> None:
    log = HandMadeLog([row("A", "X", "00:00:00", precision="day") for _ in range(3)])
    assert log.ask("R", kind="multi_registration", amount=5, unit="second") == []
    assert log.counts("R") == [(REGIME, 0, 0, None, 0.0)]


def test_a_duration_is_unusual_by_the_spread_of_its_activity_or_by_bounds() -> None:
    minutes = [10, 11, 9, 10, 40]
    log = HandMadeLog(
        [row(str(n), "TREAT", f"09:{m}:00", "09:00:00") for n, m in enumerate(minutes)]
        + [row("5", "EXAM", "12:00:00", "09:00:00"), row("6", "TREAT", "12:00:00")]
    )
    of = {"kind": "duration_outlier", "activity_id": "TREAT|EXAM"}
    assert log.ask("SD", **of, amount=1, unit="sd") == [(4, 1)]
    assert log.ask("SDS", **of, amount=2, unit="sd") == []
    assert log.ask("TO", **of, amount=3, unit="hour") == []
    bounds = {"amount_from": 10, "amount": 30, "unit": "minute"}
    assert log.ask("BOUNDS", **of, **bounds) == [(2, 1), (4, 1), (5, 1)]
    assert log.counts("BOUNDS") == [(REGIME, 6, 3, 50.0, 0.0)]  # the seventh has no beginning


def test_one_piece_of_work_has_one_kind_of_actor(visits: HandMadeLog) -> None:
    visits.sql.execute(
        "insert into stg_event_log__events values ('A', 'TREAT', '1', 'nurse', 'current'),"
        " ('A', 'TREAT', '1', 'doctor', 'current'), ('A', 'TREAT', '2', 'nurse', 'current'),"
        " ('A', 'TREAT', '2', 'nurse', 'current'), ('B', 'EVALUATE', '1', null, 'current'),"
        " ('B', 'EVALUATE', '1', 'nurse', 'current'), ('C', 'TREAT', '1', 'nurse', 'current'),"
        " ('C', 'TREAT', '1', 'clerk', 'superseded'), ('C', 'TREAT', null, 'clerk', 'current')"
    )
    assert visits.ask("R", kind="resource_inconsistency") == [("A", 1), ("B", 1)]
    assert visits.ask("OF", kind="resource_inconsistency", activity_id="TREAT") == [("A", 1)]


def test_a_rule_of_one_regime_looks_at_no_other(visits: HandMadeLog) -> None:
    log = HandMadeLog(visits.rows, {"A": NEXT_REGIME})
    missing = {"kind": "missing_value", "attribute": "responsible_party"}
    log.ask("ALWAYS", **missing)
    log.ask("ONE", **missing, regime_id=NEXT_REGIME, activity_id="REGISTER|TREAT")
    log.ask("CASES", kind="missing_activity", regime_id=REGIME, activity_id="TREAT")
    assert log.counts("ALWAYS") == [(REGIME, 3, 3, 100.0, 0.0), (NEXT_REGIME, 3, 3, 100.0, 0.0)]
    assert log.counts("ONE") == [(NEXT_REGIME, 2, 2, 100.0, 0.0)]
    assert log.counts("CASES") == [(REGIME, 2, 2, 100.0, 0.0)]


def test_a_log_without_rules_has_no_findings(visits: HandMadeLog) -> None:
    assert visits.sql.execute("select count(*) from log_rule_findings").fetchall() == [(0,)]
    assert visits.sql.execute("select count(*) from quality_log_rules").fetchall() == [(0,)]
