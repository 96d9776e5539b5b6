"""How long one activity comes after another, by hand: from first to first, who is far off."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.flow.town import FlowTown

_BEGAN = datetime(2024, 3, 1, 9)


@pytest.fixture
def town() -> Iterator[FlowTown]:
    with FlowTown() as town:
        yield town


def _course(town: FlowTown, course: str, citizen: str, *acts: tuple[str, float]) -> None:
    town.course(course, "6.1", "2024-03-01", citizen=citizen)
    for activity, hours in acts:
        town.act(course, activity, str(_BEGAN + timedelta(hours=hours)))


def _profile(town: FlowTown) -> dict[tuple[str, str], tuple[object, ...]]:
    town.log()
    for model in ("case_walks", "variants", "first_acts", "temporal_profile_of_pairs"):
        town.make(model)
    found = town.rows(
        "select from_activity_id, to_activity_id, n_cases, n_citizens, mean_seconds / 3600,"
        " n_outside_cases, n_outside_citizens, n_slice_cases from temporal_profile_of_pairs"
    )
    return {(one, other): tuple(figures) for one, other, *figures in found}


def test_time_runs_from_the_first_of_an_activity_to_the_first_of_one_that_comes_later(
    town: FlowTown,
) -> None:
    for number in range(2):
        _course(
            town, f"c{number}", "one citizen", ("TILMELDT", 0), ("JOBSAMTALE", 10), ("TILMELDT", 15),
            ("MIN_PLAN", 20), ("JOBSAMTALE", 90),
        )
    assert _profile(town) == {
        ("TILMELDT", "JOBSAMTALE"): (2, 1, 10, 0, 0, 2), ("TILMELDT", "MIN_PLAN"): (2, 1, 20, 0, 0, 2),
        ("JOBSAMTALE", "MIN_PLAN"): (2, 1, 10, 0, 0, 2),
    }


def test_cases_and_citizens_more_than_three_standard_deviations_away_are_outside(
    town: FlowTown,
) -> None:
    for number in range(40):
        late = 500 if number in (7, 8) else 0
        citizen = "late" if late else f"citizen {number}"
        _course(town, f"c{number}", citizen, ("TILMELDT", 0), ("JOBSAMTALE", 10 + number % 2 + late))
    figures = _profile(town)["TILMELDT", "JOBSAMTALE"]
    assert figures == (40, 39, pytest.approx(35.5), 2, 1, 40)


def test_an_activity_of_fewer_than_a_twentieth_of_the_cases_and_a_pair_of_one_case_are_left_out(
    town: FlowTown,
) -> None:
    for number in range(42):
        rare = (("MIN_PLAN", 20),) if number < 2 else ()
        twice = (("CV_GODKENDT", 30 if number else 5),) if number < 3 else ()
        _course(
            town, f"c{number}", f"{number}", ("TILMELDT", 0), ("JOBSAMTALE", 10), *rare, *twice
        )
    # Of three cases with an approved CV one has it before the talk.
    assert {pair: found[0] for pair, found in _profile(town).items()} == {
        ("TILMELDT", "JOBSAMTALE"): 42, ("TILMELDT", "CV_GODKENDT"): 3,
        ("JOBSAMTALE", "CV_GODKENDT"): 2,
    }
