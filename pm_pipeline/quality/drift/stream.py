"""The cases of a process in order of start, as relations that each of them has or has not.

Every case is watched for the same number of days from its start, and cases that began too late to be
watched so long are left out. Otherwise the cases of the last months, most of them open, would look like
a change of behaviour: they lack what has not happened yet; and closed cases alone would be short ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pm_pipeline.quality.drift.limits import DriftLimits
from pm_pipeline.quality.drift.relations import ACTS, COHORT, SHARES, SIDES, UNITS

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

@dataclass(frozen=True)
class Relation:
    """Something a case has or has not.

    ``kind``: the activity `to_code` ``happens``, happens at least ``twice`` or ``four_times``, is what
    the case ``begins`` with, is done ``by_party``, directly ``follows`` the activity `from_code`, or is
    ``slow``: it came longer after the one before it than it usually does. Codes are those of
    core.activities.
    """

    kind: str
    from_code: int | None
    to_code: int
    party: str | None


@dataclass(frozen=True)
class Group:
    """Cases, and the distinct citizens behind them."""

    n_cases: int
    n_citizens: int


@dataclass(frozen=True)
class Stream:
    """A process in order of start.

    Attributes:
        watch_days: days from the start of a case that are looked at.
        n_cases, n_citizens: those that were watched so long.
        last_on: start of the last of them.
        first_cases, first_on: number (from 1) and day of start of the first case of each unit.
        relations: what a case may have; the columns of ``shares``.
        shares: (units, relations), share of the unit's cases that have the relation.
    """

    process_id: str
    watch_days: int
    n_cases: int
    n_citizens: int
    last_on: date | None
    first_cases: tuple[int, ...]
    first_on: tuple[date, ...]
    relations: tuple[Relation, ...]
    shares: "NDArray[Any]"


def read_stream(
    connection: "duckdb.DuckDBPyConnection", process_id: str, limits: DriftLimits
) -> Stream:
    """Read a process of the warehouse. It stays at hand in temporary tables for :func:`count_sides`."""
    import numpy as np

    process = {"process_id": process_id}
    connection.execute(COHORT, process)
    n_cases, n_citizens, last_on, watch_days = connection.execute(
        "select count(*), count(distinct citizen_id), max(start_on), coalesce(max(watch_days), 0)"
        " from drift_cohort"
    ).fetchall()[0]
    connection.execute(ACTS, process)
    sizes = {"n_units": min(n_cases, limits.most_units), "n_cases": max(n_cases, 1)}
    units = connection.execute(UNITS, sizes).fetchall()
    fewest_cases = max(3, limits.rarest * n_cases)
    counts: Mapping[str, Any] = connection.execute(
        SHARES, {**process, **sizes, "fewest_cases": fewest_cases}
    ).fetchnumpy()
    first_cases = [first for _, first, _ in units]
    of_unit = np.diff([*first_cases, n_cases + 1])
    _, rows, column = np.unique(counts["relation"], return_index=True, return_inverse=True)
    shares = np.zeros((len(units), len(rows)), dtype=np.float32)
    shares[counts["unit"], column] = counts["n"] / of_unit[counts["unit"]]
    return Stream(
        process_id, watch_days, n_cases, n_citizens, last_on,
        tuple(first_cases), tuple(on for _, _, on in units),
        tuple(_relation(counts, row) for row in rows), shares,
    )  # fmt: skip


def count_sides(
    connection: "duckdb.DuckDBPyConnection",
    stream: Stream,
    cases: tuple[int, int, int],
    told: tuple[Relation, ...],
) -> tuple[tuple[Group, Group], list[tuple[Group, Group]]]:
    """Who is behind the two sides of a change of the stream that was read last.

    Args:
        cases: number of the first case before, of the first after, and of the first no more compared.

    Returns:
        All cases before and after; and of each relation told, those that have it.
    """
    import json

    since, place, until = cases
    sides = connection.execute(
        """
        select case_number >= $place, count(*), count(distinct citizen_id) from drift_cohort
        where case_number >= $since and case_number < $until group by all order by all
        """,
        {"since": since, "place": place, "until": until},
    ).fetchall()
    before, after = (Group(n_cases, n_citizens) for _, n_cases, n_citizens in sides)
    rows = connection.execute(
        SIDES,
        {
            "process_id": stream.process_id, "since": since, "place": place, "until": until,
            "told": json.dumps([vars(one) for one in told]),
        },
    ).fetchall()
    found = {(Relation(*row[:4]), row[4]): Group(*row[5:]) for row in rows}
    nobody = Group(0, 0)
    return (before, after), [
        (found.get((one, False), nobody), found.get((one, True), nobody)) for one in told
    ]


def _relation(counts: Mapping[str, Any], row: int) -> Relation:
    import numpy as np

    from_code, party = counts["from_code"][row], counts["party"][row]
    return Relation(
        str(counts["kind"][row]),
        None if np.ma.is_masked(from_code) else int(from_code),
        int(counts["to_code"][row]),
        None if np.ma.is_masked(party) or party is None else str(party),
    )
