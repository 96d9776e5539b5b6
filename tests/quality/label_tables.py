"""Codes of a log in the table that the detectors of labels read, and their SQL over it."""

import csv
from collections.abc import Iterable, Sequence

import duckdb

from tests.law.core_sql import DBT_PROJECT, render

PATTERNS = ("distorted_label", "polluted_label", "synonymous_label", "homonymous_label")
_MODELS = (
    "int_labels", "int_label_steps", "int_label_overlaps", *PATTERNS, "findings_of_labels",
    "quality_labels",
)  # fmt: skip
_JUDGED = """
create table int_events_judged (system_id varchar default 'event_log',
    source_table varchar default 'events', event_id varchar, citizen_key varchar, case_key varchar,
    source_code varchar, mapping_id varchar default 'identity', occurred_at timestamp,
    occurred_on date, source_row bigint, reject_reason varchar)
"""
_INSERT = (
    "insert into int_events_judged (event_id, source_row, case_key, citizen_key, source_code,"
    " occurred_at, occurred_on) "
)


class Labels:
    """A log of which only the codes, their cases and their times are known."""

    def __init__(self) -> None:
        self.sql = duckdb.connect(config={"threads": 2})
        self.sql.execute(_JUDGED)
        with (DBT_PROJECT / "detectors" / "quality_limits.csv").open(newline="") as file:
            limits = [(row["limit_id"], float(row["amount"])) for row in csv.DictReader(file)]
        self.sql.execute("create table quality_limits (limit_id varchar, amount double)")
        self.sql.executemany("insert into quality_limits values (?, ?)", limits)

    def add_query(self, query: str) -> None:
        """Rows of a query with the columns source_row, case_key, source_code, occurred_at."""
        self.sql.execute(
            f"{_INSERT} select source_row, source_row, case_key, case_key, source_code, occurred_at,"
            f" occurred_at::date from ({query})"
        )

    def add_cases(self, cases: Iterable[Sequence[str | None]], day: str = "2024-01-01") -> None:
        """Each case is the series of its codes, a minute apart."""
        [(number,)] = self.sql.execute("select count(*) from int_events_judged").fetchall()
        rows = []
        for case in cases:
            for place, code in enumerate(case):
                rows.append([number, f"{case}{number - place}", code, f"{day} 08:{place:02d}:00"])
                number += 1
        self.sql.executemany(
            f"{_INSERT} values ($1, $1, $2, $2, $3, $4, $4::timestamp::date)", rows
        )

    def find(self, models: Sequence[str] = _MODELS) -> "Labels":
        for name in models:
            sql = render(f"models/quality/**/{name}.sql")
            self.sql.execute(f"create or replace table {name} as {sql}")
        return self

    def found(self, pattern_id: str) -> dict[str | None, str | None]:
        """Each code of the pattern and the one it resembles."""
        return dict(
            self.sql.execute(
                "select source_code, resembles_code from findings_of_labels where pattern_id = ?",
                [pattern_id],
            ).fetchall()
        )
