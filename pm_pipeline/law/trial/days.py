"""From which day a law would have to hold for the cases there are to say something about it."""

from collections.abc import Sequence
from datetime import date

import duckdb

from pm_pipeline.law.trial.counts import Count


def data_of(connection: duckdb.DuckDBPyConnection) -> date | None:
    """The day the data are of: that of the last delivery."""
    row = connection.execute("select max(delivered_on) from before.core.deliveries").fetchall()[0]
    found: date | None = row[0]
    return found


def cases_under(connection: duckdb.DuckDBPyConnection, regimes: Sequence[str]) -> Count:
    """The cases under one of these regimes by the law after."""
    cases, citizens = connection.execute(
        "select count(*), count(distinct citizen_id) from after.core.cases "
        "where list_contains(?, regime_id)",
        [list(regimes)],
    ).fetchall()[0]
    return Count(cases, citizens)


def day_to_try(connection: duckdb.DuckDBPyConnection, processes: Sequence[str]) -> date | None:
    """The first day of a month from which a change could be tried; None where there is no case.

    A year before the data end, so that windows of months are over; where no case begins after it, the
    month in which the last one begins.
    """
    row = connection.execute(
        """
        select least(
            date_trunc('month', max(registered_on)),
            (select date_trunc('month', max(delivered_on)) from before.core.deliveries)
            - interval 1 year
        )::date
        from before.core.cases
        where list_contains(?, process_id)
        """,
        [list(processes)],
    ).fetchall()[0]
    found: date | None = row[0]
    return found
