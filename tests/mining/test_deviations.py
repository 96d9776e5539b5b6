"""Where the cases of a warehouse leave their models: the rows, who stands behind them, the mart."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pm_pipeline.mining import mine
from pm_pipeline.mining.conformance.deviations import DeviationRow, write_deviations
from pm_pipeline.mining.notation.petri import PetriNet, to_petri_net
from pm_pipeline.mining.notation.tree import Operator, Tree
from pm_pipeline.mining.notation.tree_reading import read_tree_text
from pm_pipeline.mining.report import write_table
from tests.law.core_sql import Core

Build = Callable[..., duckdb.DuckDBPyConnection]
_REGIME = "forsikrede_ledige__20240101"

# pm4py's own use of old numpy and scipy is none of this project's business.
pytestmark = pytest.mark.filterwarnings("ignore")


def _abc() -> PetriNet:
    return to_petri_net(Tree(operator=Operator.SEQUENCE, children=tuple(map(Tree, "ABC"))))


def _told(
    connection: duckdb.DuckDBPyConnection, out_dir: Path, models: dict[str, PetriNet],
    open_cases: tuple[str, ...] = (),
) -> list[DeviationRow]:
    connection.execute("alter table core.cases add column is_closed boolean default true")
    connection.execute(
        "update core.cases set is_closed = false where citizen_id in (select unnest(?::varchar[]))",
        [list(open_cases)],
    )
    mine(connection, "901", out_dir, min_group_size=5, process_labels={})
    said: list[str] = []
    rows = write_deviations(
        connection, "901", out_dir, models, about={"k": "v"}, on_progress=said.append
    )
    return list(rows)


def test_a_deviation_counts_cases_and_citizens_with_and_without(
    build_warehouse: Build, make_case: Any, tmp_path: Path
) -> None:
    cases = [make_case(f"{i}-1", ("A", "B", "C")) for i in range(6)]
    cases += [make_case(f"{i}-2", ("A", "C", "C", "C")) for i in range(4, 11)]
    rows = _told(build_warehouse(cases), tmp_path, {_REGIME: _abc()})
    told = {
        (row.grain, row.kind, row.activity_ids, row.after_activity_id): (
            row.n_with, row.n_with_citizens, row.n_without_citizens
        )
        for row in rows if row.model_kind == "reference"
    }
    assert told == {
        ("slice", None, None, None): (None, None, None),
        ("activity", "skipped", "B", None): (7, 7, 6),
        ("place", "skipped", "B", "A"): (7, 7, 6),
        ("activity", "unexpected", "C", None): (7, 7, 6),
        ("place", "unexpected", "C", "C"): (7, 7, 6),
    }
    whole = next(row for row in rows if row.model_kind == "reference")
    assert (whole.n_cases, whole.n_aligned, whole.n_aligned_citizens) == (13, 13, 11)
    # Two too many and one missing, of 4 + 3 possible.
    assert whole.fitness == pytest.approx((6 + 7 * (1 - 3 / 7)) / 13)
    assert whole.perfectly_fitting == pytest.approx(6 / 13)


def test_open_cases_are_not_compared_with_a_reference_model(
    build_warehouse: Build, make_case: Any, tmp_path: Path
) -> None:
    cases = [make_case(str(i), ("A", "B", "C")) for i in range(6)]
    cases += [make_case(str(i), ("A",)) for i in range(6, 12)]
    rows = _told(build_warehouse(cases), tmp_path, {_REGIME: _abc()}, tuple(map(str, range(6, 12))))
    (reference,) = [row for row in rows if row.model_kind == "reference"]
    assert (reference.outcome, reference.n_cases, reference.fitness) == ("compared", 6, 1)
    assert next(row.n_cases for row in rows if row.model_kind == "discovered") == 12


def test_what_cannot_be_compared_says_why(
    build_warehouse: Build, make_case: Any, tmp_path: Path
) -> None:
    few = [make_case(str(i), ("A", "B")) for i in range(3)]
    rows = _told(build_warehouse(few), tmp_path / "few", {})
    assert {(row.model_kind, row.outcome) for row in rows} == {
        ("discovered", "no_model"), ("reference", "no_model")
    }
    rows = _told(build_warehouse(few), tmp_path / "open", {_REGIME: _abc()}, ("0", "1", "2"))
    assert ("reference", "no_case") in {(row.model_kind, row.outcome) for row in rows}
    assert _told(build_warehouse([]), tmp_path / "none", {_REGIME: _abc()}) == []
    empty = duckdb.sql(f"select n_with, share from (select *, fitness as share from "
                       f"'{tmp_path / 'none' / 'deviations.parquet'}')")
    assert list(map(str, empty.types)) == ["BIGINT", "DOUBLE"]


def test_one_case_of_one_event_is_compared(
    build_warehouse: Build, make_case: Any, tmp_path: Path
) -> None:
    rows = _told(build_warehouse([make_case("1", ("B",))]), tmp_path, {_REGIME: _abc()})
    skipped = [row.activity_ids for row in rows if row.grain == "activity"]
    assert skipped == ["A", "C"]


@pytest.mark.parametrize(
    "tree",
    [
        Tree("A"), Tree(), Tree("it's, a (name); \"so\""),
        Tree(operator=Operator.LOOP, children=(Tree("a b"), Tree())),
        Tree(
            operator=Operator.ORDER, children=(Tree("A"), Tree("B"), Tree("C")), order=((0, 1), (0, 2))
        ),
    ],
)
def test_a_tree_is_read_from_its_own_text(tree: Tree) -> None:
    assert read_tree_text(str(tree)) == tree


class _Town(Core):
    """Six closed cases a hundred times over, one deviation, one rule that asks for its activity."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.seed("accepted_deviations", "regimes", "rules", "activities")
        self.run("delete from accepted_deviations")
        self.run(
            "create table rule_outcomes as select 'c' || i as citizen_id, 'LAB23_G1_CV_2W' as rule_id, "
            "'A' as version, 'forsikrede_ledige__20200101' as regime_id, "
            "if(i < 20, 'breached', 'fulfilled') as outcome from range(100) as t(i)"
        )
        whole = DeviationRow(
            "901", "forsikrede_ledige", "forsikrede_ledige__20200101", "reference", "m", "compared",
            "slice", 104, 104, 104, 0.987, 0.8,
        )
        self.folder, self.whole = folder, whole

    def marts(self, as_of: date, *deviations: tuple[str, int, int]) -> list[tuple[Any, ...]]:
        from dataclasses import replace

        self.as_of(as_of)
        self.make("int_as_of")
        self.make("int_accepted_deviations")
        rows = [self.whole] + [
            replace(
                self.whole, grain="activity", kind="skipped", activity_ids=activity, n_with=n,
                n_with_citizens=n, n_without_citizens=without,
            )
            for activity, n, without in deviations
        ]
        write_table(DeviationRow, rows, self.folder / "d.parquet")
        path = self.folder / "d.parquet"
        self.run(f"create or replace table mining_deviations as select * from '{path}'")
        self.make("deviations")
        return self.rows(
            "select activity_ids, n_with, acceptance, rule_ids, n_judged, share_breached, sentence_da "
            "from deviations where grain <> 'slice' order by 1"
        )

    def accept(self, activity: str, until: str) -> None:
        self.run(
            "insert into accepted_deviations by name select 'x' as acceptance_id, '901' as "
            "municipality_id, 'forsikrede_ledige' as process_id, 'reference' as model_kind, "
            f"'skipped' as deviation_kind, '{activity}' as activity_ids, 'derfor' as reason_da, "
            "'because' as reason_en, 'Leder' as owner_role, date '2024-01-01' as accepted_on, "
            f"date '{until}' as expires_on"
        )


@pytest.fixture
def town(tmp_path: Path) -> Iterator[_Town]:
    with _Town(tmp_path) as town:
        yield town


def test_a_deviation_stands_beside_the_rules_that_ask_for_its_activity(town: _Town) -> None:
    (row,) = town.marts(date(2024, 6, 1), ("CV_GODKENDT", 31, 73))
    assert row == (
        "CV_GODKENDT", 30, "not_accepted", "LAB23_G1_CV_2W", 100, 0.2,
        "Omkring 30 af 100 sager mangler »CV registreret og godkendt« i forhold til referencemodellen.",
    )


@pytest.mark.parametrize(("n_with", "without"), [(4, 100), (100, 4)])
def test_what_a_few_did_or_did_not_is_no_row(town: _Town, n_with: int, without: int) -> None:
    assert town.marts(date(2024, 6, 1), ("CV_GODKENDT", n_with, without)) == []


def test_an_accepted_deviation_comes_back_on_the_day_it_expires(town: _Town) -> None:
    town.accept("CV_GODKENDT", until="2025-01-01")
    for as_of, acceptance in (
        (date(2023, 12, 31), "not_accepted"), (date(2024, 12, 31), "accepted"),
        (date(2025, 1, 1), "expired"),
    ):
        ((_, _, told, *_),) = town.marts(as_of, ("CV_GODKENDT", 31, 73))
        assert told == acceptance


def test_steps_that_would_have_done_equally_are_accepted_together_in_any_order(town: _Town) -> None:
    town.accept("AFMELDT_JOB|AFMELDT_ANDET", until="2030-01-01")
    both, one = town.marts(
        date(2024, 6, 1), ("AFMELDT_ANDET|AFMELDT_JOB", 31, 73), ("AFMELDT_JOB", 31, 73)
    )
    assert both[2] == "accepted"
    assert "»Afmeldt: andet eller Afmeldt: job«" in both[6]
    assert one[2] == "not_accepted"
