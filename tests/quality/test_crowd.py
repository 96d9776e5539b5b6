"""How many citizens stand at least behind what a rule counted: never more than there are."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import pandas as pd
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.judging.crowd import Behind, Crowd
from pm_pipeline.quality.judging.slices import Slice
from pm_pipeline.quality.suites.datasets import DATASETS

HERE = Slice("p", "r")


@dataclass(frozen=True)
class _Rule:
    """As much of a rule as is asked."""

    failed: str | None
    checked: str | None = None
    only: Mapping[str, str] = field(default_factory=dict)


def _crowd(events: Mapping[str, Sequence[int]]) -> Crowd:
    """``events``: of each citizen, how many each case has."""
    with duckdb.connect() as connection:
        connection.execute(
            "create schema core; create table core.cases(process_id varchar default 'p',"
            " regime_id varchar default 'r', citizen_id varchar, n_events int)"
        )
        for citizen, cases in events.items():
            for n_events in cases:
                connection.execute(
                    "insert into core.cases(citizen_id, n_events) values (?, ?)", [citizen, n_events]
                )
        return Crowd(connection)


def _behind(
    crowd: Crowd, dataset: str, failed: str | None, checked: int | None, n_failed: int | None,
    citizens: Sequence[int | None] = (), where: Slice = HERE, *, kept: int | None = None,
    of: str | None = None, only: Mapping[str, str] | None = None,
) -> Behind:
    """``citizens``, ``kept``: as the facts counted them; ``of``: the column that was checked."""
    rows = pd.DataFrame({f"{failed}_citizens": pd.array(citizens, "Int64")} if citizens else {})
    if kept is not None:
        rows["kept_citizens"] = kept
    rule = _Rule(failed, of, only or {})
    return crowd.behind(DATASETS[dataset], where, rule, rows, checked, n_failed)  # type: ignore[arg-type]


BUSY = {"A": [50], "B": [5], "C": [5, 5], "D": [1], "E": [1], "F": [0]}


@pytest.mark.parametrize(
    ("n_failed", "citizens"), [(1, 1), (50, 1), (51, 2), (60, 2), (61, 3), (66, 4), (68, 6)]
)
def test_events_of_one_busy_citizen_are_no_group(n_failed: int, citizens: int) -> None:
    found = _behind(_crowd(BUSY), "quality_events", "events_in_future", 68, n_failed)
    # what passed has no more citizens than what failed, or is nobody's
    assert found.split == min(citizens, {1: 5, 50: 1, 51: 1, 60: 1, 61: 1, 66: 1}.get(n_failed, 6))
    # where all failed no other side hides how many they are
    alone = _behind(_crowd(BUSY), "quality_events", "events_in_future", n_failed, n_failed)
    assert alone == Behind(citizens, citizens)


def test_where_the_facts_counted_them_that_many_stand_behind_it() -> None:
    everybody = {one: [20] for one in "ABCDEFGHIJ"}
    assert _behind(
        _crowd(everybody), "quality_events", "events_in_future", 200, 9, [7]
    ) == Behind(10, 7)


def test_cases_are_of_those_who_have_the_most_cases() -> None:
    found = _behind(_crowd(BUSY), "quality_cases", "cases_without_events", 7, 3)
    assert found == Behind(3, 2)


def test_one_side_that_is_nobody_is_not_asked() -> None:
    assert _behind(_crowd(BUSY), "quality_events", "events_in_future", 68, 0) == Behind(6, 6)
    assert _behind(_crowd(BUSY), "quality_events", "events_in_future", 68, 68) == Behind(6, 6)
    assert _behind(_crowd(BUSY), "quality_events", "events_in_future", 0, 0) == Behind(0, 0)


def test_an_event_under_another_regime_than_its_case_is_of_the_people_of_the_process() -> None:
    other = Slice("p", "another")
    assert _behind(_crowd(BUSY), "quality_events", "events_in_future", 68, 0, where=other).split == 6


def test_of_whole_deliveries_only_the_facts_know() -> None:
    town, whole = _crowd({str(one): [3] for one in range(40)}), Slice(None, None)
    asked = ("quality_rows", "rows_rejected", 900, 12)
    # the 40 less the 8 whom two tables count
    assert _behind(town, *asked, [6, 2], whole, of="judged_rows") == Behind(32, 6)
    assert _behind(town, *asked, where=whole, of="judged_rows") == Behind(None, None)
    assert _behind(town, *asked, [6, None], whole, of="judged_rows") == Behind(None, None)


def test_many_rows_of_one_citizen_are_of_one_and_hide_nobody_else() -> None:
    town, whole = _crowd({str(one): [3] for one in range(40)}), Slice(None, None)
    found = _behind(town, "quality_rows", "rows_rejected", 900, 60, [1], whole, of="judged_rows")
    assert found == Behind(39, 1)


def test_of_codes_the_citizens_of_the_most_used_one_are_not_all_whom_the_fault_concerns() -> None:
    """Four codes, each of 24 others: 96 of a hundred, of whom the facts know 24 at least."""
    town, whole = _crowd({str(one): [3] for one in range(100)}), Slice(None, None)
    found = _behind(town, "quality_law_codes", "rows_after_end", 300, 96, [24], whole, of="coded_rows")
    assert found == Behind(24, 4)


def test_who_has_no_event_is_behind_no_row_that_passed() -> None:
    town, whole = _crowd({"A": [3], "B": [0], "C": [2]}), Slice(None, None)
    found = _behind(
        town, "quality_rows", "values_rejected_at_reading", 900, 0, where=whole, of="rows_in_files"
    )
    assert found == Behind(2, 2)


def test_nobody_knows_who_is_behind_rows_that_not_all_have() -> None:
    town, whole = _crowd({str(one): [3] for one in range(40)}), Slice(None, None)
    links = ("quality_rows", "citizen_links_not_followed", 900, 0)
    assert _behind(town, *links, where=whole, of="citizen_links") == Behind(None, None)
    one_system = ("quality_rows", "rows_rejected", 900, 0, [0])
    assert _behind(
        town, *one_system, where=whole, of="judged_rows", only={"system_id": "ky"}
    ) == Behind(None, None)


def test_a_rule_on_rows_of_a_log_goes_by_the_citizens_counted_alone() -> None:
    """Rows that became no event are nobody's in the crowd: sixty of them may be of one citizen."""
    town = _crowd({str(one): [3] for one in range(40)})
    rows = ("quality_log_rules", "found", 100, 60)
    assert _behind(town, *rows, [1], kept=30) == Behind(30, 1)
    assert _behind(town, *rows, [0], kept=30) == Behind(30, 0)
    assert _behind(town, *rows, [20], kept=3) == Behind(20, 3)
    assert _behind(town, *rows, [20]) == Behind(None, None)


@pytest.mark.parametrize(
    ("dataset", "failed"),
    [("quality_codes", None), ("quality_volumes", "activity_months_below_band"),
     ("quality_labels", "labels_not_compared"), ("quality_law_codes", "codes_after_end")],
)
def test_codes_and_months_are_nobodys(dataset: str, failed: str | None) -> None:
    assert not DATASETS[dataset].counts_people(failed)
    assert _behind(_crowd(BUSY), dataset, failed, 10, 3) == Behind(None, None)


@pytest.mark.parametrize("seed", range(50))
def test_no_choice_of_events_is_of_fewer_citizens_than_said(seed: int) -> None:
    chance = random.Random(seed)
    town = {str(one): [chance.choice([0, 1, 3, 40])] for one in range(chance.randint(1, 12))}
    events = [citizen for citizen, [n_events] in town.items() for _ in range(n_events)]
    chance.shuffle(events)
    if chance.random() < 0.5:  # those of the busiest first
        events.sort(key=lambda citizen: -town[citizen][0])
    n_failed = chance.randint(0, len(events))
    sides = [side for side in (events[:n_failed], events[n_failed:]) if side]
    found = _behind(_crowd(town), "quality_events", "events_in_future", len(events), n_failed)
    assert found.checked is not None and found.checked <= len(set(events))
    assert found.split is not None and found.split <= min((len(set(s)) for s in sides), default=0)


def test_a_warehouse_without_cases_is_refused() -> None:
    with duckdb.connect() as empty, pytest.raises(PipelineError, match=r"core\.cases"):
        Crowd(empty)
