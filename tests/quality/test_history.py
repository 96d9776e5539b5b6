"""Judgements are kept for a term, and since when something is bad is one query."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import jinja2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.judging.history import (
    JUDGEMENT,
    SCHEMA,
    Judgement,
    Kept,
    add_to_history,
    read_history,
)
from pm_pipeline.quality.judging.results import Outcome, RuleResult, write_results
from pm_pipeline.quality.judging.since import Since, since_when

DBT = Path(__file__).resolve().parents[2] / "dbt_project"
MART = DBT / "models" / "marts" / "quality_history.sql"
MACROS = (DBT / "macros" / "min_group_size.sql", DBT / "macros" / "told_count.sql")
REGIME = "kontanthjaelp__20240101"
PEOPLE = {(None, None): (80, 60), ("kontanthjaelp", REGIME): (40, 30)}


def _result(
    outcome: str, failed: int, checked: int = 1000, rule_id: str = "EV-001",
    citizens: int | None = 30,
) -> RuleResult:
    return RuleResult(
        "901", "kontanthjaelp", REGIME, "quality_events", "baseline", rule_id, "regel", "rule",
        "warning", Outcome(outcome), checked, failed, failed / checked * 100, 5.0, None, "why", None,
        n_checked_citizens=30, n_split_citizens=citizens,
    )


class History:
    """A municipality that is judged again and again."""

    def __init__(self, folder: Path) -> None:
        self.path, self.results = folder / "rule_history.parquet", folder / "rule_results.parquet"
        self.day = 0

    def judge(
        self, *results: RuleResult, made_from: str | None = None,
        people: Mapping[tuple[str | None, str | None], tuple[int, int]] = PEOPLE,
        after_days: int = 1, keep_days: int = 548,
    ) -> int:
        """Judge ``after_days``, first on 1 January 2026; the number of the newest judgement."""
        self.day += after_days
        at = datetime(2025, 12, 31, 12) + timedelta(days=self.day)
        judgement = Judgement(
            at, at.date(), f"run {self.day}",
            made_from or f"recipe {self.day}", "code", "law", "momentum 20260101-0123456789ab",
        )
        write_results(results, self.results, {JUDGEMENT: judgement.as_text()})
        kept = add_to_history(
            self.path, self.results, people, keep_days, at, {"pm_made_from": "r"}
        )
        assert kept.n_rows == pq.read_metadata(self.path).num_rows
        return kept.newest

    def spells(self, min_group_size: int = 5) -> list[dict[str, object]]:
        text = "".join(path.read_text("utf-8") for path in (*MACROS, MART))
        sql = jinja2.Template(text).render(
            source=lambda *_: f"read_parquet('{self.path}')", municipality_id=lambda: "'901'",
            local_date=lambda column: f"cast({column} as date)",
            env_var=lambda *_: str(min_group_size),
        )
        with duckdb.connect() as connection:
            return connection.execute(
                f"select * from ({sql}) order by rule_id, since_on"
            ).to_arrow_table().to_pylist()


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    yield History(tmp_path)


def test_a_judgement_is_added_with_its_day_run_deliveries_and_people(history: History) -> None:
    assert history.judge(_result("FAIL", 80)) == 1
    [row] = read_history(history.path).to_pylist()
    assert (row["judgement"], row["judged_at"], row["as_of"], row["run_id"]) == (
        1, datetime(2026, 1, 1, 12), date(2026, 1, 1), "run 1",
    )
    assert (row["n_cases"], row["n_citizens"], row["outcome"]) == (40, 30, "FAIL")
    assert row["newest_deliveries"] == "momentum 20260101-0123456789ab"
    assert pq.read_schema(history.path).metadata[b"pm_made_from"] == b"r"


def test_the_same_state_judged_twice_is_one_judgement(history: History) -> None:
    assert history.judge(_result("FAIL", 80), made_from="same") == 1
    assert history.judge(_result("FAIL", 80), made_from="same") == 1
    assert history.judge(_result("FAIL", 80), made_from="other") == 2
    assert history.judge(_result("FAIL", 80), made_from="same") == 3  # and back again


def test_nothing_of_a_value_or_how_an_outcome_came_about_is_kept() -> None:
    assert not {"reason", "detail"} & set(SCHEMA.names)


def test_since_when_is_this_bad_is_one_row(history: History) -> None:
    for outcome, failed in (("PASS", 10), ("FAIL", 80), ("FAIL", 120), ("PASS", 20), ("FAIL", 90)):
        history.judge(_result(outcome, failed))
    spells = history.spells()
    assert [(one["outcome"], one["since_on"].day, one["until_on"].day) for one in spells] == [
        ("PASS", 1, 1), ("FAIL", 2, 3), ("PASS", 4, 4), ("FAIL", 5, 5),
    ]
    assert [one["n_judgements"] for one in spells] == [1, 2, 1, 1]
    assert (spells[1]["n_failed_first"], spells[1]["n_failed_last"]) == (80, 120)
    assert [one["is_current"] for one in spells] == [False, False, False, True]
    assert [one["is_since_known"] for one in spells] == [False, True, True, True]


def test_a_rule_that_was_away_begins_a_new_spell_and_one_that_is_gone_is_not_current(
    history: History,
) -> None:
    history.judge(_result("FAIL", 80), _result("FAIL", 80, rule_id="EV-002"))
    history.judge(_result("FAIL", 80, rule_id="EV-002"))
    history.judge(_result("FAIL", 80))
    spells = history.spells()
    assert [(one["rule_id"], one["since_on"].day, one["is_current"]) for one in spells] == [
        ("EV-001", 1, False), ("EV-001", 3, True), ("EV-002", 1, False),
    ]


def test_counts_are_told_in_steps_that_hide_who_came_between_two_judgements(history: History) -> None:
    history.judge(_result("FAIL", 82, checked=1003))
    history.judge(_result("FAIL", 84, checked=1007))
    [spell] = history.spells()
    for which in ("first", "last"):
        assert (spell[f"n_failed_{which}"], spell[f"n_checked_{which}"]) == (80, 1000)
        assert spell[f"percent_{which}"] == 8.0


def test_with_a_larger_minimum_group_the_steps_are_larger(history: History) -> None:
    history.judge(_result("FAIL", 82))
    [spell] = history.spells(min_group_size=30)
    assert (spell["n_failed_first"], spell["n_failed_citizens_first"]) == (60, 30)


def test_nobody_is_told_and_fewer_than_the_minimum_group_are_not(history: History) -> None:
    history.judge(_result("PASS", 0), _result("PASS", 4, rule_id="EV-002", citizens=2))
    nobody, few = history.spells()
    assert (nobody["n_failed_last"], few["n_failed_last"]) == (0, None)
    assert few["n_failed_citizens_last"] == 0


def test_a_judgement_that_did_not_know_who_stood_behind_it_tells_of_nobody_known(
    history: History,
) -> None:
    """One of before: its columns are there, and empty, so that publication blanks what it counted."""
    history.judge(_result("FAIL", 80))
    older = pq.read_table(history.path)
    pq.write_table(older.drop_columns(["counts_people", "n_checked_citizens", "n_split_citizens"]),
                   history.path)
    history.judge(_result("FAIL", 90))
    [spell] = history.spells()
    assert (spell["n_failed_citizens_first"], spell["n_failed_citizens_last"]) == (None, 5)


def test_a_slice_that_is_empty_now_does_not_hide_how_few_people_it_had(history: History) -> None:
    few = {("kontanthjaelp", REGIME): (4, 3)}
    history.judge(_result("PASS", 0), people=few)
    history.judge(_result("PASS", 0), people={})
    [spell] = history.spells()
    assert (spell["n_cases"], spell["n_citizens"]) == (4, 3)


def test_a_damaged_history_stops_the_run_and_is_left_alone(history: History) -> None:
    history.path.write_bytes(b"no parquet")
    with pytest.raises(PipelineError, match="put it back from a backup"):
        history.judge(_result("PASS", 0))
    assert history.path.read_bytes() == b"no parquet"


def test_a_history_of_other_columns_is_refused(history: History) -> None:
    pq.write_table(pa.table({"judgement": [1]}), history.path)
    with pytest.raises(PipelineError, match="other columns"):
        history.judge(_result("PASS", 0))


def test_results_that_do_not_say_when_they_were_judged_are_refused(history: History) -> None:
    write_results([_result("PASS", 0)], history.results)
    with pytest.raises(PipelineError, match="judge again"):
        add_to_history(history.path, history.results, PEOPLE, 548, datetime(2026, 1, 1), {})


def _days_kept(history: History) -> list[date]:
    return [row["judged_at"].date() for row in read_history(history.path).to_pylist()]


def test_a_judgement_is_kept_to_the_day_its_term_ends_and_gone_the_day_after(history: History) -> None:
    history.judge(_result("FAIL", 80), keep_days=30)
    history.judge(_result("FAIL", 90), keep_days=30, after_days=30)
    assert _days_kept(history) == [date(2026, 1, 1), date(2026, 1, 31)]
    history.judge(_result("FAIL", 100), keep_days=30)
    assert _days_kept(history) == [date(2026, 1, 31), date(2026, 2, 1)]


def test_a_term_that_was_shortened_holds_though_nothing_is_judged_anew(history: History) -> None:
    history.judge(_result("FAIL", 80), made_from="one")
    history.judge(_result("FAIL", 90), made_from="two", after_days=20)
    now = datetime(2026, 1, 21, 12)
    assert add_to_history(history.path, history.results, PEOPLE, 10, now, {}) == Kept(2, 1)
    assert _days_kept(history) == [date(2026, 1, 21)]


def test_the_term_runs_on_while_nothing_is_judged_anew_and_what_is_said_today_stays(
    history: History,
) -> None:
    history.judge(_result("FAIL", 80), made_from="one")
    history.judge(_result("FAIL", 90), made_from="two", after_days=20)
    now = datetime(2026, 1, 21) + timedelta(days=2000)
    assert add_to_history(history.path, history.results, PEOPLE, 30, now, {}) == Kept(2, 1)
    assert _days_kept(history) == [date(2026, 1, 21)]
    # years later: a number given twice would be two judgements told as one
    assert history.judge(_result("PASS", 0), made_from="three", after_days=2000, keep_days=30) == 3


def test_the_newest_judgement_stays_however_old_and_numbers_are_not_given_again(
    history: History,
) -> None:
    for _ in range(3):
        history.judge(_result("FAIL", 80), keep_days=1, after_days=100)
    assert [row["judgement"] for row in read_history(history.path).to_pylist()] == [3]


def test_since_when_a_rule_is_broken_is_not_known_where_the_day_was_deleted(history: History) -> None:
    for outcome in ("PASS", "FAIL", "FAIL"):
        history.judge(_result(outcome, 80), keep_days=30, after_days=10)
    [first, second] = history.spells()
    assert (first["outcome"], second["outcome"], second["is_since_known"]) == ("PASS", "FAIL", True)
    history.judge(_result("FAIL", 80), keep_days=30, after_days=20)
    [only] = history.spells()
    assert (only["outcome"], only["is_since_known"]) == ("FAIL", False)


# One letter a judgement of EV-001, ten days apart: of its outcome, `-` where it was not judged.
@pytest.mark.parametrize("keep_days", [548, 25, 5])
@pytest.mark.parametrize(
    "outcomes", ["F", "FFF", "PFF", "FPF", "FPPF", "PFFFF", "F-F", "-FF", "PF-", "FE", "PFEEE", "F--FF"]
)
def test_since_when_is_the_same_day_and_as_well_known_in_the_mart_and_where_it_is_shown(
    history: History, outcomes: str, keep_days: int
) -> None:
    of_letter = {"P": "PASS", "F": "FAIL", "E": "ERROR"}
    for letter in outcomes:
        mine = [_result(of_letter[letter], 80)] if letter != "-" else []
        history.judge(
            *mine, _result("PASS", 0, rule_id="EV-002"), after_days=10, keep_days=keep_days
        )
    told = {
        (one["rule_id"], one["process_id"], one["regime_id"]): Since(
            one["since_on"], one["is_since_known"]
        )
        for one in history.spells() if one["is_current"]
    }
    assert since_when(history.path) == told
    assert (("EV-001", "kontanthjaelp", REGIME) in told) == (outcomes[-1] != "-")
    # what the term deleted is not known, whatever it was
    kept = min(len(outcomes), keep_days // 10 + 1)
    other = told["EV-002", "kontanthjaelp", REGIME]
    assert other == Since(date(2026, 1, 10) + timedelta(days=10 * (len(outcomes) - kept)), False)
