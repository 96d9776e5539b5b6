"""What cannot be told of a queue says why: a stated result, never an error and never a false figure."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator

from pm_pipeline.mining.whatif.answer import Answer, answer
from pm_pipeline.mining.whatif.people import People
from pm_pipeline.mining.whatif.turns import STILL_OPEN, Turns
from tests.mining.whatif.asking import LIMITS, MANY, asked, what_if
from tests.mining.whatif.simulated_town import BEGAN_ON, Town, at_any_time, calendar_from, own_time


def lived(n_weeks: int = 104, seed: int = 1, **facts: Any) -> Town:
    town = Town(np.random.default_rng(seed), **facts)
    town.live(7 * n_weeks)
    return town


@pytest.fixture(scope="module")
def crowded() -> Town:
    """A town in which people wait."""
    return lived()


def test_how_many_talks_can_be_held_is_found(crowded: Town) -> None:
    found = asked(crowded, what_if())
    assert found.pace == pytest.approx(crowded.pace, abs=0.3)
    assert found.n_busy_weeks is not None and found.n_busy_weeks >= 45


def test_the_same_log_gives_the_same_figures(crowded: Town) -> None:
    assert asked(crowded, what_if()) == asked(crowded, what_if())


def test_where_nobody_waits_it_is_unknown_how_many_talks_can_be_held() -> None:
    found = asked(lived(pace=15.0), what_if())
    assert (found.reason, found.figures) == ("no_backlog_seen", {})


@pytest.mark.parametrize("seed", range(4))
def test_where_everybody_comes_late_at_a_time_of_their_own_no_lack_of_staff_is_told(seed: int) -> None:
    found = asked(lived(seed=seed, pace=50.0, ready=own_time), what_if())
    assert found.reason in ("model_does_not_fit", "talks_follow_queue")


def _always_as_late(rng: Generator, begun: int, due: int) -> int:
    return due + 12


@pytest.mark.parametrize(("seed", "arrivals"), [(1, 0.05), (2, 0.1), (3, 0.6), (4, 0.6)])
def test_where_everybody_is_as_late_a_habit_is_not_taken_for_a_lack_of_staff(
    seed: int, arrivals: float
) -> None:
    """As many wait all year, and no talk is held before it is due: yet nothing limits how many."""
    found = asked(lived(seed=seed, pace=50.0, arrivals=arrivals, ready=_always_as_late), what_if())
    assert found.reason in ("talks_follow_queue", "too_few_talks")


@pytest.mark.parametrize("seed", range(4))
def test_where_it_is_not_the_due_day_that_decides_who_is_called_nothing_is_told(seed: int) -> None:
    found = asked(lived(seed=seed, pace=4.5, ready=at_any_time), what_if())
    assert found.reason == "not_by_due_day"


def test_another_quota_than_the_one_worked_by_is_seen(crowded: Town) -> None:
    """Somebody writes 60 days where the town works by 30."""
    found = asked(crowded, what_if(quota_days=90, new_quota_days=30))
    assert found.reason in ("not_by_due_day", "no_backlog_seen")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"n_citizens": 4}, "below_minimum_group"),
        ({"n_days": 7 * 25}, "too_few_weeks"),
        ({"n_days": 0}, "too_few_weeks"),
    ],
)
def test_too_little_to_go_by_is_told(crowded: Town, changed: dict[str, Any], reason: str) -> None:
    turns = replace(crowded.log(52), **changed)
    found = answer(what_if(), turns, MANY, calendar_from(0), LIMITS, 5)
    assert (found.reason, found.figures, found.pace) == (reason, {}, None)


def test_what_few_were_late_for_is_not_told(crowded: Town) -> None:
    assert asked(crowded, what_if(), people=People(100, 4, 100)).reason == "below_minimum_group"
    few = asked(lived(pace=15.0), what_if(), people=People(100, 0, 0))
    assert few.reason == "no_backlog_seen"


def test_what_was_seen_of_few_is_left_out_of_the_figures(crowded: Town) -> None:
    found = asked(crowded, what_if(), people=People(4, 100, 3)).figures
    assert found["share_on_time"].observed is None and found["n_waiting"].observed is None
    assert found["mean_days_late"].observed is not None
    told = asked(crowded, what_if(), people=People(0, 100, 5)).figures
    assert None not in [one.observed for one in told.values()]


def _turns(*rows: tuple[int, int, bool, bool]) -> Turns:
    """Of 52 weeks; (begun, ends, first, held)."""
    begins, ends, first, held = (np.array(one) for one in zip(*rows, strict=True))
    return Turns("p", "TALK", BEGAN_ON, 364, begins, ends, first, held, np.ones(len(rows), int), 9, 9)


def _answered(turns: Turns | None) -> Answer:
    return answer(what_if(), turns, MANY, calendar_from(0), LIMITS, 5)


def test_a_process_without_the_activity_has_no_talks() -> None:
    assert _answered(None).reason == "no_talks"


def test_cases_without_a_talk_in_the_weeks_looked_at_have_no_talks() -> None:
    assert _answered(_turns((-20, STILL_OPEN, True, False), (5, 90, True, False))).reason == "no_talks"


@pytest.mark.parametrize("second", [(40, 364, False, False), (40, STILL_OPEN, False, False)])
def test_one_case_that_nobody_calls_again_is_no_queue(second: tuple[int, int, bool, bool]) -> None:
    """It is overdue for most of the year, a day's talks and more."""
    found = _answered(_turns((0, 40, True, True), second))
    assert found.reason == "too_few_talks"


def test_where_next_to_nothing_could_be_held_no_share_of_it_is_told(crowded: Town) -> None:
    found = asked(crowded, what_if(new_quota_days=None, staffing_factor=0.001))
    assert (found.reason, found.figures) == ("too_few_talks", {})
