"""The log that is handed to the miner."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.log import Slice, Variant, VariantLog, count_citizens, read_log, read_slices

Build = Callable[..., duckdb.DuckDBPyConnection]


def _only_log(connection: duckdb.DuckDBPyConnection) -> VariantLog:
    (slice_,) = read_slices(connection)
    return read_log(connection, slice_)


def test_variants_come_most_frequent_first_and_ties_by_path(
    build_warehouse: Build, make_case: Any
) -> None:
    paths = [("A", "C"), ("A", "B"), ("A", "D"), ("A", "D")]
    log = _only_log(build_warehouse([make_case(str(i), path) for i, path in enumerate(paths)]))
    assert [v.activities for v in log.variants] == [("A", "D"), ("A", "B"), ("A", "C")]
    assert [v.n_cases for v in log.variants] == [2, 1, 1]
    assert (log.n_cases, log.n_events, log.n_citizens) == (4, 8, 4)


def test_a_log_in_another_order_is_refused() -> None:
    rare, frequent = Variant("1", ("A",), 1, 1), Variant("2", ("B",), 2, 2)
    with pytest.raises(ValueError, match="fixed order"):
        VariantLog("p", None, (rare, frequent), 3, {}, {}, {})


def test_a_path_with_one_rarely_walked_step_is_not_shown(
    build_warehouse: Build, make_case: Any
) -> None:
    paths = [("A", "B", "C")] * 5 + [("A", "C")] * 4 + [("A", "B", "C", "C")] * 1
    log = _only_log(build_warehouse([make_case(str(i), path) for i, path in enumerate(paths)]))
    assert [v.activities for v in log.supported(5).variants] == [("A", "B", "C")]
    assert len(log.supported(4).variants) == 2
    assert len(log.supported(1).variants) == 3


def test_a_rare_path_of_common_steps_stays(build_warehouse: Build, make_case: Any) -> None:
    paths = [("A", "B")] * 5 + [("A", "B", "A", "B")] + [("B", "A", "B")] * 5
    log = _only_log(build_warehouse([make_case(str(i), path) for i, path in enumerate(paths)]))
    assert ("A", "B", "A", "B") in [v.activities for v in log.supported(5).variants]


def test_citizens_are_counted_once_however_many_cases_they_have(
    build_warehouse: Build, make_case: Any
) -> None:
    cases = [make_case(f"{i % 3}-{i}", ("A", "B")) for i in range(9)]
    connection = build_warehouse(cases)
    log = _only_log(connection)
    assert (log.n_cases, log.n_citizens) == (9, 3)
    assert log.supported(4).variants == ()
    assert count_citizens(connection, log.supported(3)) == 3


def test_lost_cases_are_an_error_not_a_smaller_log(build_warehouse: Build, make_case: Any) -> None:
    connection = build_warehouse([make_case(str(i), ("A", "B")) for i in range(6)])
    connection.execute("update core.variants set n_cases = 5")
    with pytest.raises(PipelineError, match=r"expected the 6 cases .* found 5"):
        _only_log(connection)


def test_a_step_without_its_count_is_an_error(build_warehouse: Build, make_case: Any) -> None:
    connection = build_warehouse([make_case(str(i), ("A", "B", "C")) for i in range(6)])
    connection.execute("delete from core.directly_follows where to_activity_id = 'C'")
    with pytest.raises(PipelineError, match=r"directly_follows.*'B', 'C'"):
        _only_log(connection)


def test_the_textbook_log_has_sixteen_edges_that_sum_to_thirty_six(
    build_warehouse: Build, make_case: Any, real_log: Callable[[str], list[tuple[str, ...]]]
) -> None:
    paths = real_log("running_example")
    log = _only_log(build_warehouse([make_case(str(i), path) for i, path in enumerate(paths)]))
    assert len(log.pair_citizens) == 16
    assert sum(v.n_cases * (len(v.activities) - 1) for v in log.variants) == 36


def test_slices_without_a_regime_are_listed_too(build_warehouse: Build, make_case: Any) -> None:
    cases = [make_case("1", ("A",), regime_id=None), make_case("2", ("A",))]
    process, regime = cases[1].process_id, cases[1].regime_id
    assert read_slices(build_warehouse(cases)) == (
        Slice(process, None, 1, 1), Slice(process, regime, 1, 1),
    )
