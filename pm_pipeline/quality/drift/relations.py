"""The SQL of the stream: the cases that are watched, what each of them has, and who is behind it."""

# Half of the cases are seen to their end, unless that leaves less than three quarters of the time.
COHORT = """
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
ACTS = """
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
    select
        cohort.case_number, before.activity_code as from_code, after.activity_code as to_code,
        max(steps.elapsed_seconds) as longest_seconds
    from core.transitions as steps
    inner join drift_cohort as cohort on steps.case_id = cohort.case_id
    inner join watched on cohort.case_number = watched.case_number
    inner join core.activities as before on steps.from_activity_id = before.activity_id
    inner join core.activities as after on steps.to_activity_id = after.activity_id
    where steps.process_id = $process_id and steps.event_number < watched.n_watched
    group by cohort.case_number, before.activity_code, after.activity_code
),
waits as (
    select case_number, to_code, max(longest_seconds) as longest_seconds
    from steps group by case_number, to_code
),
-- half of the cases with the activity waited longer for it, unless it always comes at once
usual as (
    select to_code, quantile_disc(longest_seconds, 0.5) as usual_seconds
    from waits group by to_code
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
    union all
    select waits.case_number, 'slow', null, waits.to_code, null
    from waits
    inner join usual on waits.to_code = usual.to_code
    where waits.longest_seconds > usual.usual_seconds
)
"""

UNITS = """
select
    (case_number - 1) * $n_units // $n_cases as unit,
    min(case_number) as first_case,
    min(start_on) as first_on
from drift_cohort group by unit order by unit
"""

SHARES = f"""
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

SIDES = f"""
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
