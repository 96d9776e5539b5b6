-- One row per process, system, delivery, directly-follows pair and the two weeks of the later act, as in
-- `event_weeks`.
select
    steps.process_id,
    steps.system_id,
    steps.delivery_id,
    steps.previous_activity_code,
    steps.activity_code,
    occurred.week_on as occurred_week_on,
    registered.week_on as registered_week_on,
    count(*) as n_events
from {{ ref('int_quality_steps') }} as steps
inner join {{ ref('int_change_days') }} as occurred on steps.occurred_on = occurred.day_on
inner join {{ ref('int_change_days') }} as registered
    on
        coalesce(cast(steps.registered_at + interval 2 hour as date), steps.occurred_on)
        = registered.day_on
where steps.previous_activity_code is not null
group by
    steps.process_id, steps.system_id, steps.delivery_id, steps.previous_activity_code,
    steps.activity_code, occurred.week_on, registered.week_on
