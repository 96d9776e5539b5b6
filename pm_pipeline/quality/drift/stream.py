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

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

# Half of the cases are seen to their end, unless that leaves less than three quarters of the time.
_COHORT = """
create or replace temp table drift_cohort as
with known_until as (
    -- not beyond what the cases tell of: a newer delivery may be another system's
    select max(cast(end_at as date)) as known_until
    from core.cases
    where end_at < (select max(delivered_on) from core.deliveries) + interval 1 day
),
begun as (
    select
        case_id, citizen_id, start_at, end_at,
        -- the day it was in Denmark: midnight there is the day before in UTC
        cast(timezone('Europe/Copenhagen', timezone('UTC', start_at)) as date) as start_on
    from core.cases where process_id = $process_id and start_at is not null
),
watch as (
    select cast(greatest(1, least(
        quantile_disc(date_diff('day', start_at, end_at), 0.5),
        date_diff('day', min(start_on), max(start_on)) // 4
    )) as integer) as watch_days
    from begun
)
select
    case_id, citizen_id, start_on, watch_days,
    start_on + watch_days as watched_to,
    row_number() over (order by start_at, case_id) as case_number
from begun, watch, known_until
where start_on + watch_days <= known_until
"""

# One row per case, activity and party within the days watched. The days of a case follow one another
# in the log, so what is watched are its first events: `n_watched` of them.
_ACTS = """
create or replace temp table drift_acts as
select
    cohort.case_number,
    log.activity_code,
    log.responsible_party,
    count(*) as n,
    min(log.event_number) as first_number
from core.event_log as log
inner join drift_cohort as cohort on log.case_id = cohort.case_id
where log.process_id = $process_id and log.occurred_on <= cohort.watched_to
group by cohort.case_number, log.activity_code, log.responsible_party
"""

#: (case_number, kind, from_code, to_code, party): one row per case and relation it has.
_RELATIONS = """
acts as (
    select case_number, activity_code, sum(n) as n, min(first_number) as first_number
    from drift_acts group by case_number, activity_code
),
watched as (
    select case_number, sum(n) as n_watched from drift_acts group by case_number
),
steps as (
    select distinct
        cohort.case_number, before.activity_code as from_code, after.activity_code as to_code
    from core.transitions as steps
    inner join drift_cohort as cohort on steps.case_id = cohort.case_id
    inner join watched on cohort.case_number = watched.case_number
    inner join core.activities as before on steps.from_activity_id = before.activity_id
    inner join core.activities as after on steps.to_activity_id = after.activity_id
    where steps.process_id = $process_id and steps.event_number < watched.n_watched
),
relations as (
    select case_number, 'happens' as kind, null as from_code, activity_code as to_code, null as party
    from acts
    union all
    select case_number, 'twice', null, activity_code, null from acts where n >= 2
    union all
    select case_number, 'four_times', null, activity_code, null from acts where n >= 4
    union all
    select case_number, 'begins', null, activity_code, null from acts where first_number = 1
    union all
    select case_number, 'by_party', null, activity_code, responsible_party
    from drift_acts where responsible_party is not null
    union all
    select case_number, 'follows', from_code, to_code, null from steps
)
"""

_UNITS = """
select
    (case_number - 1) * $n_units // $n_cases as unit,
    min(case_number) as first_case,
    min(start_on) as first_on
from drift_cohort group by unit order by unit
"""

_SHARES = f"""
with {_RELATIONS},
counted as (
    select
        kind, from_code, to_code, party,
        (case_number - 1) * $n_units // $n_cases as unit,
        count(*) as n
    from relations
    group by kind, from_code, to_code, party, unit
)
select
    dense_rank() over (order by kind, from_code, to_code, party) as relation,
    kind, from_code, to_code, party, unit, n
from counted
qualify sum(n) over (partition by kind, from_code, to_code, party) >= $fewest_cases
"""

_SIDES = f"""
with {_RELATIONS},
told as (
    select unnest(from_json($told, '[{{"kind": "varchar", "from_code": "integer",
        "to_code": "integer", "party": "varchar"}}]'), recursive := true)
)
select
    relations.kind, relations.from_code, relations.to_code, relations.party,
    cohort.case_number >= $place as is_after,
    count(*) as n_cases,
    count(distinct cohort.citizen_id) as n_citizens
from relations
inner join told
    on relations.kind = told.kind and relations.to_code = told.to_code
    and relations.from_code is not distinct from told.from_code
    and relations.party is not distinct from told.party
inner join drift_cohort as cohort on relations.case_number = cohort.case_number
where cohort.case_number >= $since and cohort.case_number < $until
group by all
"""


@dataclass(frozen=True)
class Relation:
    """Something a case has or has not.

    ``kind``: the activity `to_code` ``happens``, happens at least ``twice`` or ``four_times``, is what
    the case ``begins`` with, is done ``by_party``, or directly ``follows`` the activity `from_code`.
    Codes are those of core.activities.
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
    connection.execute(_COHORT, process)
    n_cases, n_citizens, last_on, watch_days = connection.execute(
        "select count(*), count(distinct citizen_id), max(start_on), coalesce(max(watch_days), 0)"
        " from drift_cohort"
    ).fetchall()[0]
    connection.execute(_ACTS, process)
    sizes = {"n_units": min(n_cases, limits.most_units), "n_cases": max(n_cases, 1)}
    units = connection.execute(_UNITS, sizes).fetchall()
    fewest_cases = max(3, limits.rarest * n_cases)
    counts: Mapping[str, Any] = connection.execute(
        _SHARES, {**process, **sizes, "fewest_cases": fewest_cases}
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
        _SIDES,
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
