"""The inductive miner on counted variants."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pm_pipeline.mining.discovery.inductive import discover, read_tree
from pm_pipeline.mining.log import VariantLog, read_log, read_slices
from pm_pipeline.mining.notation.tree import Operator, Tree

MakeLog = Callable[[list[Any]], VariantLog]


@pytest.fixture
def make_log(build_warehouse: Any) -> MakeLog:
    def make(cases: list[Any]) -> VariantLog:
        connection = build_warehouse(cases)
        (slice_,) = read_slices(connection)
        return read_log(connection, slice_)

    return make


def _frame(paths: list[tuple[str, ...]]) -> Any:
    import pandas as pd

    rows = [
        (f"c{case:05d}", activity, pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(days=day))
        for case, path in enumerate(paths)
        for day, activity in enumerate(path)
    ]
    return pd.DataFrame(rows, columns=["case:concept:name", "concept:name", "time:timestamp"])


@pytest.mark.parametrize(("noise", "seed"), [(0.0, 1), (0.2, 2), (0.5, 3)])
def test_counted_variants_give_the_tree_of_the_expanded_log(
    make_log: MakeLog, courses: Any, noise: float, seed: int
) -> None:
    import pm4py

    cases = courses(60, seed)
    frame = _frame([case.path for case in cases])
    expected = pm4py.discover_process_tree_inductive(frame, noise_threshold=noise)
    assert discover(make_log(cases), noise) == read_tree(expected)


def test_the_raw_library_reads_other_paths_from_unsorted_rows_and_we_do_not(
    make_log: MakeLog, courses: Any
) -> None:
    """pm4py issue 546: there the order of rows, not of time stamps, makes the paths."""
    import pm4py

    cases = courses(60, 4)
    frame = _frame([case.path for case in cases])
    unsorted = frame.sample(frac=1, random_state=7)
    assert pm4py.get_variants(unsorted) != pm4py.get_variants(frame)
    assert pm4py.get_start_activities(unsorted) != pm4py.get_start_activities(frame)

    other_order = list(cases)
    random.Random(7).shuffle(other_order)
    ours = make_log(other_order)
    counts = {variant.activities: variant.n_cases for variant in ours.variants}
    assert counts == pm4py.get_variants(frame)
    assert ours.fingerprint() == make_log(cases).fingerprint()
    assert discover(ours, 0.2) == discover(make_log(cases), 0.2)


_CHILD = """
from pm_pipeline.mining.discovery.inductive import discover
from pm_pipeline.mining.log import Variant, VariantLog
import json, sys
rows = json.load(sys.stdin)
log = VariantLog("p", "r", tuple(Variant("", tuple(p), n, n) for p, n in rows), 1, {}, {}, {})
print(discover(log, 0.2))
"""


def test_another_process_with_other_string_hashes_finds_the_same_tree(
    make_log: MakeLog, courses: Any
) -> None:
    log = make_log(courses(150, 5))
    rows = json.dumps([[v.activities, v.n_cases] for v in log.variants])
    done = subprocess.run(
        [sys.executable, "-c", _CHILD], input=rows, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "12345"},
    )
    # One line: no banner and no progress bar beside it.
    assert done.stdout == f"{discover(log, 0.2)}\n"


def test_importing_the_room_imports_no_heavy_library() -> None:
    heavy = "{'pm4py', 'r4pm', 'pandas', 'polars', 'pyarrow', 'pygraphviz', 'numpy'}"
    code = f"import sys, pm_pipeline.mining; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_log_of_one_activity_is_that_activity(make_log: MakeLog, make_case: Any) -> None:
    assert discover(make_log([make_case("1", ("A",))]), 0.2) == Tree("A")


def test_a_name_of_a_thousand_letters_and_signs_is_no_trouble(
    make_log: MakeLog, make_case: Any
) -> None:
    name = "Æ->'\"<&>\\" * 100
    tree = discover(make_log([make_case("1", ("A", name))]), 0.2)
    assert tree == Tree(operator=Operator.SEQUENCE, children=(Tree("A"), Tree(name)))
