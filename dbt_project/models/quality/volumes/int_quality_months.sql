{{ config(materialized='ephemeral') }}
-- Every activity of a process and system in every month its deliveries cover, also months without an act.
-- A month is complete when a delivery came long enough after it for late registrations to be in; the months
-- of the run-in, in which a log that holds open cases only fills up, are no yardstick for later ones, and
-- neither are months in which the law stopped the clock.
with counts as (
    select * from {{ ref('int_quality_month_counts') }}
),

totals as (
    select
        process_id,
        system_id,
        month_on,
        sum(n_events) as n_events
    from counts
    group by all
),

deliveries as (
    select
        system_id,
        max(delivered_on) as delivered_on
    from {{ ref('deliveries') }}
    group by system_id
),

-- a few acts with a mistyped year do not begin a log
covered as (
    select
        totals.process_id,
        totals.system_id,
        cast(min(totals.month_on) + interval 1 month as date) as first_month_on,
        any_value(deliveries.delivered_on) as delivered_on
    from totals
    inner join deliveries on totals.system_id = deliveries.system_id
    where totals.n_events >= {{ limit('volume_min_events') }}
    group by all
),

months as (
    select
        process_id,
        system_id,
        first_month_on,
        cast(unnest(generate_series(first_month_on, delivered_on, interval 1 month)) as date) as month_on,
        delivered_on - cast({{ limit('volume_settling_days') }} as integer) as settled_on
    from covered
),

stopped as (
    select distinct months.month_on
    from months
    inner join {{ ref('clock_stops') }} as stops
        on
            stops.starts_on < months.month_on + interval 1 month
            and coalesce(stops.ends_on, date '9999-12-31') > months.month_on
    inner join {{ ref('municipalities') }} as municipalities
        on municipalities.municipality_id = {{ municipality_id() }}
    where {{ list_has_or_empty('stops.scope_regions', 'municipalities.region') }}
),

activities as (
    select distinct
        process_id,
        system_id,
        activity_id
    from counts
)

select
    months.process_id,
    months.system_id,
    activities.activity_id,
    months.month_on,
    coalesce(counts.n_events, 0) as n_events,
    stopped.month_on is not null as is_clock_stop,
    stopped.month_on is null
    and months.month_on >= months.first_month_on
    + to_months(cast({{ limit('volume_run_in_months') }} as integer)) as is_yardstick
from months
inner join activities
    on months.process_id = activities.process_id and months.system_id = activities.system_id
left join stopped on months.month_on = stopped.month_on
left join counts
    on
        months.process_id = counts.process_id
        and months.system_id = counts.system_id
        and activities.activity_id = counts.activity_id
        and months.month_on = counts.month_on
where months.month_on + interval 1 month <= months.settled_on
