"""What is counted per filter is what counting event by event gives, whatever order and threads."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.flow.brute import Step, batched, follows, ping_pong, rework
from tests.flow.town import FlowTown

PROCESS = "forsikrede_ledige"
ACTS = ("TILMELDT", "JOBSAMTALE", "MIN_PLAN", "INDKALDT", "CV_SAMTALE")
Act = tuple[str, str, datetime, str | None]


def _random_acts(seed: int, n_cases: int = 40) -> list[Act]:
    """Acts of cases: none at the same moment in one case."""
    rng = random.Random(seed)
    acts: list[Act] = []
    for number in range(n_cases):
        at = datetime(2024, 1, 2, 8) + timedelta(days=number % 7)
        for _ in range(rng.randint(1, 9)):
            at += timedelta(seconds=rng.choice([20, 60, 3600, 90000]))
            acts.append((f"c{number}", rng.choice(ACTS), at, rng.choice(["A", "B", "C", None])))
    return acts


def _town(acts: list[Act], threads: int = 1) -> FlowTown:
    town = FlowTown(threads)
    for number, case in enumerate(dict.fromkeys(act[0] for act in sorted(acts))):
        # three citizens in ten have another case
        town.course(case, "6.1", f"2024-01-0{number % 9 + 1}", None, f"citizen {number % 28}")
    for case, activity, at, unit in acts:
        town.act(case, activity, at.isoformat(" "), unit)
    town.flow()
    return town


@pytest.fixture(scope="module", params=[1, 2])
def acts(request: pytest.FixtureRequest) -> list[Act]:
    return _random_acts(request.param)


@pytest.fixture(scope="module")
def town(acts: list[Act]) -> Iterator[FlowTown]:
    with _town(acts) as town:
        yield town


def _walks(acts: list[Act]) -> dict[str, list[Step]]:
    walks: dict[str, list[Step]] = {}
    for case, activity, at, _ in sorted(acts, key=lambda act: act[2]):
        walks.setdefault(case, []).append(Step(activity, at.timestamp()))
    return walks


def test_who_follows_whom_how_often_and_after_how_long(town: FlowTown, acts: list[Act]) -> None:
    found = town.of(
        PROCESS,
        "select named(from_activity_code), named(to_activity_code), n_occurrences, n_cases,"
        " mean_days, median_days from filter_follows where {f}",
    )
    assert {(one, other): tuple(figures) for one, other, *figures in found} == {
        pair: (n, cases, pytest.approx(mean), pytest.approx(median))
        for pair, (n, cases, mean, median) in follows(_walks(acts)).items()
    }


def test_with_what_cases_begin_and_end(town: FlowTown, acts: list[Act]) -> None:
    ends = Counter(
        (kind, steps[place].activity)
        for steps in _walks(acts).values() for kind, place in (("start", 0), ("end", -1))
    )
    found = town.of(
        PROCESS, "select kind, named(activity_code), n_cases from filter_ends where {f}"
    )
    assert {(kind, activity): n for kind, activity, n in found} == ends


def test_which_paths_there_are_and_what_they_cover(town: FlowTown, acts: list[Act]) -> None:
    paths = Counter(tuple(step.activity for step in steps) for steps in _walks(acts).values())
    found = town.of(
        PROCESS,
        "select activities, paths.n_cases, place, cumulative_share from filter_paths as paths"
        " join variants on example_variant_number = variant_number where {f} order by place",
    )
    assert {tuple(path): n for path, n, *_ in found} == paths
    assert [n for _, n, *_ in found] == sorted(paths.values(), reverse=True)
    assert found[-1][3] == 1


def test_what_is_done_again_in_three_kinds(town: FlowTown, acts: list[Act]) -> None:
    wanted: Counter[tuple[str, str | None, str | None]] = Counter()
    in_cases: Counter[tuple[str, str | None, str | None]] = Counter()
    for steps in _walks(acts).values():
        again = rework([step.activity for step in steps])
        for kind in {one for one, *_ in again}:
            again[kind, None, None] = sum(n for one, n in again.items() if one[0] == kind)  # type: ignore[index]
        wanted.update(again)
        in_cases.update(again.keys())
    found = town.of(
        PROCESS,
        "select kind, named(activity_code), named(from_activity_code), n_occurrences, n_cases"
        " from filter_rework where {f}",
    )
    assert {tuple(key): (n, cases) for *key, n, cases in found} == {
        key: (n, in_cases[key]) for key, n in wanted.items()
    }


def test_cases_sent_to_another_unit_and_straight_back(town: FlowTown, acts: list[Act]) -> None:
    wanted: Counter[tuple[str, str]] = Counter()
    for case in _walks(acts):
        mine = sorted((at, unit or "") for one, _, at, unit in acts if one == case)
        wanted.update(ping_pong([unit or None for _, unit in mine]))
    found = town.of(
        PROCESS,
        "select org_unit_id, other_org_unit_id, n_occurrences from filter_ping_pong where {f}"
        " and org_unit_id is not null",
    )
    assert {(one, other): n for one, other, n in found} == wanted and wanted


def test_which_share_of_an_activity_is_done_in_batches(town: FlowTown, acts: list[Act]) -> None:
    inside = batched([(a, unit, at.timestamp()) for _, a, at, unit in acts], 60, 5)
    wanted = Counter(acts[place][1] for place in inside)
    found = town.of(
        PROCESS,
        "select named(activity_code), n_batched_events, n_events from filter_batches where {f}",
    )
    assert {activity: n for activity, n, _ in found} == wanted
    assert {a: n for a, _, n in found}.items() <= Counter(act[1] for act in acts).items()


def test_citizens_behind_a_figure_are_distinct(town: FlowTown, acts: list[Act]) -> None:
    ((n_cases, n_citizens),) = town.of(
        PROCESS, "select n_cases, n_citizens from filter_sizes where {f}"
    )
    assert (n_cases, n_citizens) == (40, 28)
    assert town.rows(
        "select count(*) from filter_follows as told join (select filter_number, s.activity_code,"
        " s.next_activity_code, count(distinct citizen_number) as n from log_steps s"
        " join cases using (case_number) join filter_cases using (case_number)"
        " where s.next_activity_code is not null group by all) as counted"
        " on counted.filter_number = told.filter_number and activity_code = from_activity_code"
        " and next_activity_code = to_activity_code where n_citizens <> n"
    ) == [(0,)]


def _told(town: FlowTown) -> dict[str, list[tuple[Any, ...]]]:
    return {
        model: town.rows(f"select * exclude (filter_number) from {model} order by all")
        for model in (
            "filter_sizes", "filter_follows", "filter_ends", "filter_rework", "filter_ping_pong",
            "filter_batches", "filter_months",
        )
    } | {"paths": town.rows("select * exclude (example_variant_number) from filter_paths order by all")}


@pytest.mark.parametrize("threads", [1, 2])
def test_shuffled_rows_and_any_number_of_threads_give_the_same_figures(
    town: FlowTown, acts: list[Act], threads: int
) -> None:
    shuffled = acts.copy()
    random.Random(threads).shuffle(shuffled)
    with _town(shuffled, threads) as other:
        assert _told(other) == _told(town)
