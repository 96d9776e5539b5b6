"""`pm-pipeline what-if`, as a person calls it, on a warehouse whose queue is known."""

from pathlib import Path

import duckdb
import numpy as np
import pytest
from command_line import Call

from tests.mining.whatif.simulated_town import Town
from tests.mining.whatif.town_warehouse import write_warehouse

_ASKED = ("what-if", "-m", "901", "--activity", "TALK", "--quota-now", "30", "--first", "14")


@pytest.fixture(scope="module")
def crowded() -> Town:
    town = Town(np.random.default_rng(1))
    town.live(7 * 104)
    return town


@pytest.fixture
def warehouse(data_dir: Path, crowded: Town) -> Path:
    path = data_dir / "work" / "901" / "warehouse.duckdb"
    write_warehouse(path, crowded)
    return path


def test_a_question_is_answered_with_intervals_and_with_what_it_assumes(
    call: Call, warehouse: Path
) -> None:
    answer = call(*_ASKED, "--quota", "21", "--staffing", "1.1", "--english")
    assert answer.code == 0, answer.said
    title = "Talk: every 21 days in place of every 30, 1.1 times as many talks a working day"
    assert title in answer.out
    assert "talks can be held a working day" in answer.out and "Ahead: 52 weeks" in answer.out
    assert "Says nothing of a single citizen or employee" in answer.out
    danish = call(*_ASKED, "--quota", "21")
    assert "Samtale: hver 21. dag i stedet for hver 30." in danish.out and "Forudsætter" in danish.out


def test_what_cannot_be_told_is_said_in_words(call: Call, data_dir: Path, crowded: Town) -> None:
    write_warehouse(data_dir / "work" / "901" / "warehouse.duckdb", crowded, n_citizens=4)
    answer = call(*_ASKED, "--quota", "21", "--english")
    assert answer.code == 0
    assert "cannot tell: fewer citizens are in it than may be told of" in answer.out


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((), "nothing changes: expected --quota other than --quota-now"),
        (("--quota", "30"), "found --quota 30 and --staffing none"),
        (("--quota", "0"), "greater than or equal to 1"),
        (("--staffing", "-1"), "greater than or equal to"),
        (("--quota", "21", "-m", "999"), "999"),
        (("--quota", "21", "-a", "DANCE"), "no queue for DANCE; known in the weeks looked at: TALK"),
        (("--quota", "21", "-p", "q"), "no queue for TALK in q; known in the weeks looked at"),
    ],
)  # fmt: skip
def test_a_wrong_call_says_what_was_expected(
    call: Call, warehouse: Path, given: tuple[str, ...], told: str
) -> None:
    answer = call(*_ASKED, *given)
    assert answer.code == 2
    assert told in answer.said.replace("│ ", "")


def test_an_activity_of_two_processes_asks_which(call: Call, warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "insert into core.queues select * replace ('q' as process_id) from core.queues"
        )
    answer = call(*_ASKED, "--quota", "21")
    assert answer.code == 2
    assert "has a queue in p, q: name one of them with --process" in answer.err


def test_a_warehouse_of_before_is_to_be_built_anew(call: Call, warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop table core.queues")
    answer = call(*_ASKED, "--quota", "21")
    assert answer.code == 1
    assert "core.queues" in answer.err and "pm-pipeline run -m 901" in answer.err


def test_a_calendar_that_ends_too_soon_is_told_with_the_model_that_makes_it(
    call: Call, warehouse: Path
) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("delete from intermediate.int_working_days where day_on > '2025-06-01'")
    answer = call(*_ASKED, "--quota", "21")
    assert answer.code == 1
    assert "int_working_days: expected the 1460 days from 2024-01-01 on" in answer.err


def test_without_a_warehouse_it_says_what_to_run(call: Call, data_dir: Path) -> None:
    answer = call(*_ASKED, "--quota", "21")
    assert answer.code == 1
    assert "there is no warehouse yet" in answer.err
