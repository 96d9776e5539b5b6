"""Counts of real logs are those that pm4py makes of them, and the published ones."""

import csv
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.flow.town import FlowTown
from tests.real_logs import LOGS

#: File, and what its README says: cases, events, activities, variants, arcs.
FIGURES = {
    "receipt": ("receipt/receipt.csv.gz", 1434, 8577, 27, 116, 99),
    "sepsis": ("sepsis/sepsis.csv.gz", 1050, 15214, 16, 846, None),
    "helpdesk": ("helpdesk/finale.csv.gz", 4580, 21348, 14, 226, 55),
    "bpic13": ("bpic13/BPIC13_closed_problems.xes.gz", 1487, 6660, 4, 183, None),
    "running_example": ("running_example/running-example.csv", 6, 42, 8, 6, 16),
}
REFERENCE = {"receipt": "Receipt_WABO_CoSeLoG", "sepsis": "Sepsis"}
Log = tuple[str, FlowTown, Any]


def _read(name: str) -> Any:
    """The log sorted as it is mined: by case, moment and row."""
    import pandas as pd

    path = LOGS / FIGURES[name][0]
    if not path.exists():
        pytest.skip(f"the log {name} is not in {LOGS} (set PM_TEST_LOGS)")
    if ".xes" in path.suffixes:
        import pm4py

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pm4py.read_xes(str(path), variant="iterparse")
        frame = pd.DataFrame(frame)
    else:
        frame = pd.read_csv(path, sep=None, engine="python", dtype=str, keep_default_na=False)
        frame = frame.rename(columns={
            "CaseID": "case:concept:name", "ActivityID": "concept:name",
            "CompleteTimestamp": "time:timestamp",
            "Case ID": "case:concept:name", "Activity": "concept:name",
            "Complete Timestamp": "time:timestamp",
        } if "concept:name" not in frame.columns else {})  # fmt: skip
        frame["time:timestamp"] = [
            datetime.fromisoformat(one.replace("/", "-")) for one in frame["time:timestamp"]
        ]
        frame["time:timestamp"] = pd.to_datetime(frame["time:timestamp"], utc=True)
    frame = frame[["case:concept:name", "concept:name", "time:timestamp"]].copy()
    frame["place"] = range(1, len(frame) + 1)
    return frame.sort_values(["case:concept:name", "time:timestamp", "place"], kind="stable")


@pytest.fixture(scope="module", params=FIGURES)
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    """The name of the log, the town it was made a process of, and pm4py's frame."""
    frame = _read(request.param)
    with FlowTown(threads=2) as town:
        rows = frame.rename(columns={
            "case:concept:name": "case_id", "concept:name": "activity_id", "time:timestamp": "happened",
        })  # fmt: skip
        moments = rows["happened"].dt.tz_convert(UTC).dt.tz_localize(None)
        rows["happened"] = moments.astype("datetime64[us]")
        rows = rows.sample(frac=1, random_state=1)
        town.connection.register("rows", rows)
        town.run("""
            insert into int_courses
            select distinct case_id, case_id, '6.1', date '2001-01-01', null::date, null::date,
                'course', null
            from rows;
            insert into events
            select place, 'event ' || place, activity_id, happened, cast(happened as date), 'second',
                date '2026-01-01', 'file', place, 'delivery', null, null, null
            from rows;
            insert into event_objects select 'event ' || place, case_id, 'course' from rows;
            delete from activities;
        """)
        town.log()
        town.count()
        yield request.param, town, frame


def _all(town: FlowTown, sql: str) -> list[tuple[Any, ...]]:
    return town.of("forsikrede_ledige", sql)


def test_a_real_log_has_the_figures_that_are_published(log: Log) -> None:
    name, town, _ = log
    _, n_cases, n_events, n_activities, n_variants, n_arcs = FIGURES[name]
    assert _all(town, "select n_cases, n_events from filter_sizes where {f}") == [(n_cases, n_events)]
    assert town.rows("select count(*) from activity_codes") == [(n_activities,)]
    assert _all(town, "select count(*) from filter_paths where {f}") == [(n_variants,)]
    ((arcs, total),) = _all(town, "select count(*), sum(n_occurrences) from filter_follows where {f}")
    assert n_arcs in (None, arcs)
    assert total == n_events - n_cases
    if name in REFERENCE:
        with (LOGS / "reference" / "bpic_features.csv").open(encoding="utf-8") as handle:
            found = [row for row in csv.DictReader(handle) if REFERENCE[name] in row["log"]]
        if found:
            assert int(found[0]["n_traces"]) == n_cases
            assert int(found[0]["n_variants"]) == n_variants


def test_arcs_and_ends_are_those_of_pm4py(log: Log) -> None:
    import pm4py

    _, town, frame = log
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        follows, starts, ends = pm4py.discover_dfg(frame)
    found = _all(
        town,
        "select named(from_activity_code), named(to_activity_code), n_occurrences"
        " from filter_follows where {f}",
    )
    assert {(one, other): n for one, other, n in found} == dict(follows)
    for kind, wanted in (("start", starts), ("end", ends)):
        found = _all(
            town,
            f"select named(activity_code), n_cases from filter_ends where {{f}} and kind = '{kind}'",
        )
        assert dict(found) == dict(wanted)


def test_paths_are_those_of_pm4py(log: Log) -> None:
    import pm4py

    _, town, frame = log
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = pm4py.get_variants(frame)
    found = _all(
        town,
        "select activities, paths.n_cases from filter_paths as paths"
        " join variants on example_variant_number = variant_number where {f}",
    )
    assert {tuple(path): n for path, n in found} == dict(wanted)


def test_durations_are_those_of_pm4py(log: Log) -> None:
    import pm4py

    _, town, frame = log
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted, _, _ = pm4py.discover_performance_dfg(frame)
    found = _all(
        town,
        "select named(from_activity_code), named(to_activity_code), mean_days * 86400,"
        " median_days * 86400 from filter_follows where {f}",
    )
    assert {(one, other): (mean, median) for one, other, mean, median in found} == {
        pair: (
            pytest.approx(figures["mean"], rel=1e-6, abs=1e-3),
            pytest.approx(figures["median"], rel=1e-6, abs=1e-3),
        )
        for pair, figures in wanted.items()
    }


def test_the_temporal_profile_is_that_of_pm4py_on_the_first_of_each_activity(log: Log) -> None:
    import pm4py

    _, town, frame = log
    town.make("first_acts")
    town.make("temporal_profile_of_pairs")
    found = {
        (one, other): (mean, sd)
        for one, other, mean, sd in town.rows(
            "select from_activity_id, to_activity_id, mean_seconds, sd_seconds"
            " from temporal_profile_of_pairs where process_id = 'forsikrede_ledige'"
        )
    }
    first = frame.drop_duplicates(["case:concept:name", "concept:name"])
    n_cases = frame["case:concept:name"].nunique()
    often = set(first["concept:name"].value_counts().loc[lambda n: 20 * n >= n_cases].index)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = pm4py.discover_temporal_profile(pm4py.convert_to_event_log(first))
    wanted = {pair: figures for pair, figures in wanted.items() if often.issuperset(pair)}
    assert len(found) > 3
    # pm4py says of a pair of one case that it has no deviation; that is not known.
    of_one_case = {pair: figures for pair, figures in wanted.items() if pair not in found}
    assert {sd for _, sd in of_one_case.values()} <= {0}
    assert found.keys() == wanted.keys() - of_one_case.keys()
    for pair, figures in found.items():
        assert figures == pytest.approx(wanted[pair], rel=1e-6, abs=1e-3)
