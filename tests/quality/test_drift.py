"""The detector of changes nobody dated: what it finds, where, and that it keeps silent about chance."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from benchmarks.drift_logs import planted_log, shuffled
from benchmarks.drift_warehouse import FIRST_DAY, mxml_cases, warehouse_of
from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.drift.detect import Dated, find_drift, nearest
from pm_pipeline.quality.drift.limits import read_limits
from pm_pipeline.quality.drift.results import DriftOutcome, DriftPoint
from pm_pipeline.quality.drift.segments import find_changes
from pm_pipeline.quality.drift.sentences import Labels, Move, in_danish, in_english
from pm_pipeline.quality.drift.stream import Relation
from tests.real_logs import LOGS

#: Fewer shuffles than in earnest: the level stays, only the smallest p-value is larger.
with warehouse_of([("a",)]) as _shipped:
    SHIPPED = read_limits(_shipped)
QUICK = replace(SHIPPED, n_permutations=199)
Case = tuple[str, ...]


def _drift(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[DriftPoint]:
    return list(find_drift(connection, folder / "drift_points.parquet", limits=QUICK))


def _changes(points: list[DriftPoint]) -> list[int | None]:
    return [point.first_case_number for point in points if point.relation_number == 1]


@pytest.mark.parametrize("kind", ["insert", "swap", "parallelise", "loop", "condition_moved"])
def test_a_planted_change_is_found_at_its_case_and_nowhere_else(kind: str, tmp_path: Path) -> None:
    log = planted_log((kind,), 120, seed=3)
    (found,) = _changes(_drift(warehouse_of(list(log.cases), per_day=1), tmp_path))
    (planted,) = log.change_points
    assert found is not None and abs(found - 1 - planted) <= 12


def test_a_change_that_is_undone_later_is_two_changes(tmp_path: Path) -> None:
    log = planted_log(("replace", "before"), 90, seed=5)
    found = _changes(_drift(warehouse_of(list(log.cases), per_day=1), tmp_path))
    assert np.allclose(found, np.array(log.change_points) + 1, atol=9)


def test_shuffled_cases_give_no_alarm(tmp_path: Path) -> None:
    log = planted_log(("swap", "insert"), 80, seed=7)
    for seed in range(5):
        cases = list(shuffled(log, seed).cases)
        points = _drift(warehouse_of(cases, per_day=1), tmp_path)
        assert [point.outcome for point in points] == [DriftOutcome.NO_CHANGE_SHOWN]


def test_cases_still_open_at_the_end_of_the_data_are_no_change(tmp_path: Path) -> None:
    # every case is alike; the data end in the middle of the last fifty
    courses: list[Case] = [
        ("a", *["b"] * (4 + number % 3), *["c"] * 12, "end") for number in range(300)
    ]
    connection = warehouse_of(courses, last_day=FIRST_DAY + timedelta(days=299 // 2), per_day=2)
    (point,) = _drift(connection, tmp_path)
    assert point.outcome == DriftOutcome.NO_CHANGE_SHOWN
    assert 250 < point.n_watched_cases < 300
    # what is left out is what would have looked like a change
    has_end = np.array([[number < 265] for number in range(300)], dtype=float)
    assert find_changes(has_end, QUICK)


def test_too_few_cases_are_said_to_be_too_few_and_how_many_it_takes(tmp_path: Path) -> None:
    (point,) = _drift(warehouse_of([("a", "b")] * 30), tmp_path)
    assert (point.outcome, point.n_cases_needed) == (DriftOutcome.CANNOT_TELL_YET, 40)
    assert point.change_number is None


def test_what_moved_is_told_with_its_shares_and_the_people_behind_it(tmp_path: Path) -> None:
    cases: list[Case] = [("a", "b", "c")] * 100 + [("a", "c", "b")] * 100
    points = _drift(warehouse_of(cases, per_day=1), tmp_path)
    assert {point.first_case_number for point in points} == {101}
    (step,) = [one for one in points if (one.from_activity_id, one.to_activity_id) == ("a", "c")]
    assert (step.share_before, step.share_after) == (0, 1)
    assert (step.n_with_before, step.n_with_after) == (0, 100)
    assert (step.n_citizens_before, step.n_with_citizens_after) == (97, 97)
    assert step.sentence_da is not None and "»C« lige efter »A«" in step.sentence_da


def test_another_party_that_does_the_same_is_a_change(tmp_path: Path) -> None:
    connection = warehouse_of([("a", "b")] * 120, per_day=1, party="fund")
    connection.execute(
        "update core.event_log set responsible_party = 'municipality' where case_id >= 'c00060'"
        " and activity_id = 'b'"
    )
    points = _drift(connection, tmp_path)
    assert {point.first_case_number for point in points} == {61}
    assert {point.relation_kind for point in points} == {"by_party"}


def test_steps_that_take_longer_while_the_order_stays_are_a_change(tmp_path: Path) -> None:
    connection = warehouse_of([("a", "b", "c", "d")] * 200, per_day=1)
    # the step to c took three days on the average, and takes twelve from the 101st case on
    connection.execute("select setseed(0.4)")
    connection.execute("""
        update core.transitions set elapsed_seconds = -ln(1 - random()) * 86400
            * case when to_activity_id <> 'c' then 3 when case_id < 'c00100' then 3 else 12 end
    """)
    points = _drift(connection, tmp_path)
    first, *_ = points
    assert first.first_case_number is not None and abs(first.first_case_number - 101) <= 8
    assert (first.relation_kind, first.to_activity_id) == ("slow", "c")
    assert first.share_before is not None and first.share_after is not None
    assert first.share_before < 0.4 and first.share_after > 0.6
    assert first.sentence_da is not None and "»C« længere efter skridtet før" in first.sentence_da


def test_steps_that_take_now_a_short_time_and_now_a_long_one_are_no_change(tmp_path: Path) -> None:
    for seed in (0.1, 0.2, 0.3):
        connection = warehouse_of([("a", "b", "c", "d")] * 200, per_day=1)
        connection.execute(f"select setseed({seed})")
        connection.execute(
            "update core.transitions set elapsed_seconds = -ln(1 - random()) * 3 * 86400"
        )
        (point,) = _drift(connection, tmp_path)
        assert point.outcome == DriftOutcome.NO_CHANGE_SHOWN


def test_a_limit_that_is_missing_is_named(tmp_path: Path) -> None:
    connection = warehouse_of([("a", "b")] * 60)
    connection.execute("delete from reference.quality_limits where limit_id = 'drift_level'")
    with pytest.raises(PipelineError, match=r"quality_limits.csv: expected .* for drift_level"):
        find_drift(connection, tmp_path / "drift_points.parquet")


def test_thousands_of_cases_are_looked_at_in_blocks_and_the_step_is_told(tmp_path: Path) -> None:
    cases: list[Case] = [("a", "b")] * 700 + [("a", "c")] * 800
    points = _drift(warehouse_of(cases, per_day=20), tmp_path)
    (step,) = {point.resolution_cases for point in points}
    assert step == 3
    assert all(abs((point.first_case_number or 0) - 701) <= step for point in points)


def test_a_shift_too_small_to_matter_is_not_told_however_many_cases_there_are() -> None:
    # 30 % against 34 % of thousands of cases: certain, and Cohen's h is below 0.1
    random = np.random.default_rng(1)
    shares = np.concatenate([random.binomial(400, p, 300) / 400 for p in (0.30, 0.34)])[:, None]
    assert find_changes(shares, QUICK) == []
    bigger = np.concatenate([random.binomial(400, p, 300) / 400 for p in (0.30, 0.45)])[:, None]
    assert [change.place for change in find_changes(bigger, QUICK)] == [300]


def test_the_same_cases_give_the_same_answer() -> None:
    shares = np.random.default_rng(2).integers(0, 2, (120, 6)).astype(float)
    shares[60:, 0] = 1
    assert find_changes(shares, QUICK) == find_changes(shares, QUICK) != []


def test_cases_that_all_take_the_same_course_are_no_change() -> None:
    assert find_changes(np.ones((100, 4)), QUICK) == []


@pytest.mark.parametrize(("on", "named"), [
    (date(2024, 1, 1), "LAW"), (date(2024, 6, 1), "LAW"), (date(2025, 1, 1), None),
    (date(2023, 9, 1), None),
])
def test_a_change_names_the_law_that_is_near_it_on_either_side(on: date, named: str | None) -> None:
    days = (date(2024, 3, 1), date(2024, 2, 20), date(2024, 3, 20))
    found = nearest([Dated("law", "LAW", on, "Lov", "Act")], days, SHIPPED.near_days)
    assert [one.change_id for one in found] == ([named] if named else [])


def test_of_two_days_as_near_the_earlier_is_named() -> None:
    days = (date(2024, 3, 1), date(2024, 2, 20), date(2024, 3, 20))
    dated = [
        Dated("law", "A LATER", date(2024, 3, 6), "Lov", "Act"),
        Dated("law", "EARLIER", date(2024, 2, 25), "Lov", "Act"),
    ]
    assert nearest(dated, days, SHIPPED.near_days) == (dated[1],)


def test_a_law_or_release_near_a_change_is_named_and_a_delivery_or_another_process_is_not(
    tmp_path: Path,
) -> None:
    connection = warehouse_of([("a", "b")] * 60 + [("a", "c")] * 60, per_day=1)
    connection.execute("""
        insert into core.dated_changes values
            ('course', 'release', 'NEW', '2023-03-01', 'Ny version', 'New version'),
            ('course', 'delivery', 'D1', '2023-03-03', 'Levering', 'Delivery'),
            ('journey', 'law', 'OTHER', '2023-03-03', 'Lov', 'Act');
    """)
    points = _drift(connection, tmp_path)
    assert {
        (point.near_change_kind, point.near_change_id, point.near_change_days) for point in points
    } == {("release", "NEW", 2)}


def test_all_laws_and_releases_of_the_nearest_day_are_named(tmp_path: Path) -> None:
    connection = warehouse_of([("a", "b")] * 60 + [("a", "c")] * 60, per_day=1)
    connection.execute("""
        insert into core.dated_changes values
            ('course', 'law', 'SECOND', '2023-03-01', 'Anden lov', 'Second act'),
            ('course', 'law', 'FIRST', '2023-03-01', 'Første lov', 'First act'),
            ('course', 'law', 'FIRST', '2023-03-01', 'Første lov', 'First act'),
            ('course', 'release', 'NEW', '2023-03-01', 'Ny version', 'New version'),
            ('course', 'law', 'AWAY', '2023-02-27', 'Fjern lov', 'Distant act');
    """)
    points = _drift(connection, tmp_path)
    assert {
        (
            point.near_change_kind, point.near_change_id, point.near_change_on,
            point.near_change_days, point.near_change_title_da, point.near_change_title_en,
        )
        for point in points
    } == {(
        "law|release", "FIRST|NEW|SECOND", date(2023, 3, 1), 2,
        "Første lov / Ny version / Anden lov", "First act / New version / Second act",
    )}


def test_a_change_reads_as_a_sentence_in_both_languages() -> None:
    days = (date(2024, 1, 5), date(2024, 1, 2), date(2024, 1, 9))
    move = Move(Relation("follows", 1, 2, None), 0.451, 0.12, 300, 80)
    labels = Labels({1: "Tilmeldt", 2: "Samtale"}, {1: "Registered", 2: "Talk"})
    assert in_danish(move, days, 90, labels) == (
        "I sager begyndt fra 5. januar 2024 (mellem 2. januar 2024 og 9. januar 2024) følger »Samtale«"
        " lige efter »Tilmeldt« inden for 90 dage i 10 % af sagerne mod 45 % før."
    )
    assert in_english(move, days, 90, labels) == (
        "In cases begun from 5 January 2024 (between 2 January 2024 and 9 January 2024) “Talk” directly"
        " follows “Registered” within 90 days in 10 % of the cases, against 45 % before."
    )


LOG = LOGS / "drift" / "simple.mxml.gz"


@pytest.mark.skipif(not LOG.exists(), reason=f"no real log at {LOG} (set PM_TEST_LOGS)")
def test_the_change_of_the_published_log_is_found_at_its_trace(tmp_path: Path) -> None:
    cases = mxml_cases(LOG)
    # its file is named [0, 259, 555]: the log ends with its 555th trace, 259 is the only change
    assert len(cases) == 555
    points = _drift(warehouse_of(cases, per_day=1), tmp_path)
    assert {point.first_case_number for point in points} == {260}  # the 260th, counted from 1
