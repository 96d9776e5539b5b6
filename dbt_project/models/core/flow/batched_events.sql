-- Events that were done in a batch: one activity in one unit, again and again with at most
-- `flow_batch_gap_seconds` from one to the next, `flow_batch_min_events` of them or more: at one moment or
-- one after the other (Martin and others, 2017, Decision Support Systems 100). An act of which only its day
-- is known has no moment and is in no batch. Events without a unit are taken for those of one.
-- Moments are counted first: those of a batch are fewer than its events.
with timed as (
    select
        events.event_key,
        activities.activity_code,
        coalesce(units.unit_number, 0) as unit_number,
        events.occurred_at
    from {{ ref('events') }} as events
    inner join {{ ref('activity_codes') }} as activities on events.activity_id = activities.activity_id
    left join {{ ref('org_units') }} as units on events.org_unit_id = units.org_unit_id
    where events.occurred_precision <> 'day'
),

moments as (
    select
        activity_code,
        unit_number,
        occurred_at,
        count(*) as n_events
    from timed
    group by activity_code, unit_number, occurred_at
),

parted as (
    select
        *,
        coalesce(
            epoch(occurred_at - lag(occurred_at) over in_turn) > {{ limit('flow_batch_gap_seconds') }}, true
        ) as is_first,
        coalesce(
            epoch(lead(occurred_at) over in_turn - occurred_at) > {{ limit('flow_batch_gap_seconds') }}, true
        ) as is_last
    from moments
    window in_turn as (partition by activity_code, unit_number order by occurred_at)
),

-- most moments stand alone: numbering them would be most of the work
numbered as (
    select
        *,
        count(*) filter (where is_first) over (
            partition by activity_code, unit_number order by occurred_at
            rows between unbounded preceding and current row
        ) as batch_number
    from parted
    where not (is_first and is_last) or n_events >= {{ limit('flow_batch_min_events') }}
),

batches as (
    select
        activity_code,
        unit_number,
        unnest(list(occurred_at)) as occurred_at,
        sum(n_events) as n_events
    from numbered
    group by activity_code, unit_number, batch_number
    having sum(n_events) >= {{ limit('flow_batch_min_events') }}
)

select
    timed.event_key,
    cast(batches.n_events as integer) as batch_size
from batches
inner join timed
    on
        batches.activity_code = timed.activity_code
        and batches.unit_number = timed.unit_number
        and batches.occurred_at = timed.occurred_at
