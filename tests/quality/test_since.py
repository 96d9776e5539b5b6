"""Since when a rule has the outcome it has, read from judgements made by hand."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pm_pipeline.quality.judging.since import Since, since_when

RULE = ("EV-001", "kontanthjaelp", None)


def history(path: Path, *judgements: str) -> Path:
    """One judgement a month from January 2026, each an outcome of the rule; `-` where it made none.

    Another rule is judged each time, so that the newest judgement is known without the first.
    """
    rows = [
        (number, f"2026-{number:02}-10 23:30", rule, *RULE[1:], outcome)
        for number, of_rule in enumerate(judgements, start=1)
        for rule, outcome in (("EV-001", of_rule), ("EV-002", "PASS"))
        if outcome != "-"
    ]
    with duckdb.connect() as connection:
        connection.execute(
            "create table history (judgement bigint, judged_at timestamp, rule_id varchar,"
            " process_id varchar, regime_id varchar, outcome varchar)"
        )
        connection.executemany("insert into history values (?, ?, ?, ?, ?, ?)", rows)
        connection.execute(f"copy history to '{path}' (format parquet)")
    return path


@pytest.mark.parametrize(
    ("judgements", "since"),
    [
        (("FAIL",), Since(date(2026, 1, 11), is_known=False)),
        (("PASS", "FAIL", "FAIL"), Since(date(2026, 2, 11), is_known=True)),
        (("FAIL", "PASS", "FAIL"), Since(date(2026, 3, 11), is_known=True)),
        (("FAIL", "-", "FAIL"), Since(date(2026, 3, 11), is_known=True)),
        (("-", "FAIL", "FAIL"), Since(date(2026, 2, 11), is_known=False)),
        (("PASS", "PASS"), Since(date(2026, 1, 11), is_known=False)),
        (("FAIL", "-"), None),
    ],
)
def test_a_rule_has_its_outcome_since_the_judgement_that_changed_it(
    tmp_path: Path, judgements: tuple[str, ...], since: Since | None
) -> None:
    found = since_when(history(tmp_path / "h.parquet", *judgements))
    assert found.get(RULE) == since
    assert found["EV-002", "kontanthjaelp", None] == Since(date(2026, 1, 11), is_known=False)


def test_a_municipality_without_history_knows_no_day(tmp_path: Path) -> None:
    assert since_when(tmp_path / "none.parquet") == {}
