"""The order in which rows are delivered, and how many threads count them, changes nothing."""

import random
import warnings
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.flow.town import FlowTown

Row = tuple[str, str, datetime, int]

#: What mining is handed, and what is counted from the log.
_TABLES = (
    "select case_id, event_id, event_number, activity_id, elapsed_seconds, working_seconds"
    " from event_log order by all",
    "select process_id, regime_id, variant_id, activities, n_cases, n_citizens from variants"
    " order by all",
    "select * from filter_rework order by all",
    "select * from filter_ends order by all",
    # a mean of fractions adds them up in the order of the threads: its last digit is not the log's
    "select filter_number, from_activity_code, to_activity_code, n_occurrences, n_cases, n_citizens,"
    " median_days, p90_days, median_working_days, round(mean_days, 9), round(mean_working_days, 9)"
    " from filter_follows order by all",
)


def _events() -> list[Row]:
    """Forty cases in the order they happened; in every third step no time passes."""
    rng = random.Random(546)
    rows: list[Row] = []
    for case in range(40):
        at = datetime(2024, 3, 1, 8) + timedelta(hours=case)
        for _ in range(rng.randint(2, 9)):
            rows.append((f"case {case:02}", rng.choice("ABCD"), at, len(rows) + 1))
            at += timedelta(minutes=rng.choice((0, 7, 3000)))
    return rows


def _counted(rows: list[Row], threads: int) -> list[list[tuple[Any, ...]]]:
    """Every table above, of these rows as they were delivered."""
    with FlowTown(threads) as town:
        town.run("delete from activities")
        for case in sorted({case for case, *_ in rows}):
            town.course(case, "6.1", "2024-03-01", citizen=f"citizen {int(case[5:]) % 30}")
        for case, activity, at, place in rows:
            town.event(case, activity, str(at), event_id=f"event {place:03}", source_row=place)
        town.flow()
        return [town.rows(sql) for sql in _TABLES]


def _frame(rows: list[Row]) -> Any:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=["case:concept:name", "concept:name", "time:timestamp", "place"])
    return frame.assign(**{"time:timestamp": pd.to_datetime(frame["time:timestamp"], utc=True)})


@pytest.fixture(scope="module")
def in_order() -> list[list[tuple[Any, ...]]]:
    return _counted(_events(), threads=1)


def test_the_raw_library_reads_other_paths_from_the_same_events_and_says_nothing() -> None:
    """pm4py's issue 546, reproduced: why no log reaches it but through the fixed order.

    Should this fail after an upgrade, the library sorts for itself; ours stays right either way.
    """
    import pm4py

    rows = _events()
    shuffled = random.Random(1).sample(rows, len(rows))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("error", UserWarning)  # a word about the order would be one
        told, found = (pm4py.get_variants(_frame(one)) for one in (rows, shuffled))
        starts, found_starts = (
            pm4py.get_start_activities(_frame(one)) for one in (rows, shuffled)
        )
    assert dict(told) != dict(found)
    assert dict(starts) != dict(found_starts)


def test_rows_in_order_give_the_paths_that_the_library_reads_from_them_in_order(
    in_order: list[list[tuple[Any, ...]]],
) -> None:
    import pm4py

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = pm4py.get_variants(_frame(_events()))
    assert {tuple(path): n for _, _, _, path, n, _ in in_order[1]} == dict(wanted)


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("order", ["backwards", "shuffled", "shuffled again"])
def test_any_order_of_rows_and_any_number_of_threads_count_the_same(
    in_order: list[list[tuple[Any, ...]]], order: str, threads: int
) -> None:
    rows = _events()
    if order == "backwards":
        rows.reverse()
    else:
        random.Random(order).shuffle(rows)
    assert _counted(rows, threads) == in_order
