-- Acts per process, system, activity and month. The system is that of the delivery, so that the log need
-- not meet the events. A placeholder date is of no month.
with placeholders as (
    select on_date from {{ ref('time_artefacts') }}
    where on_date is not null
),

counted as (
    select
        process_id,
        delivery_id,
        activity_code,
        occurred_on - cast(day(occurred_on) - 1 as integer) as month_on,
        count(*) as n_events
    from {{ ref('event_log') }}
    where occurred_on not in (select placeholders.on_date from placeholders)
    group by all
),

systems as (
    select distinct
        system_id,
        delivery_id
    from {{ ref('deliveries') }}
)

select
    counted.process_id,
    systems.system_id,
    activities.activity_id,
    counted.month_on,
    cast(sum(counted.n_events) as bigint) as n_events
from counted
inner join systems on counted.delivery_id = systems.delivery_id
inner join {{ ref('activity_codes') }} as activities on counted.activity_code = activities.activity_code
group by all
