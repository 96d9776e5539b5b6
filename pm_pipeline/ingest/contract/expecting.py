"""Collect what does not hold, so that a contract names all of its faults at once."""

import duckdb


class Expect:
    """Collects the sentences whose condition does not hold."""

    def __init__(self, faults: list[str]) -> None:
        self._faults = faults

    def __call__(self, condition: bool, fault: str) -> None:
        if not condition:
            self._faults.append(fault)


def is_pattern(pattern: str) -> bool:
    """Whether a text is a regular expression of RE2, as DuckDB reads it."""
    try:
        with duckdb.connect() as connection:
            literal = pattern.replace("'", "''")
            connection.sql(f"SELECT regexp_full_match('', '{literal}')").fetchall()
    except duckdb.Error:
        return False
    return True
