-- One row per process, system, directly-follows pair and week in which the later act happened.
select
    steps.process_id,
    steps.system_id,
    steps.previous_activity_code,
    steps.activity_code,
    occurred.week_on as occurred_week_on,
    count(*) as n_events
from {{ ref('int_quality_steps') }} as steps
inner join {{ ref('int_change_days') }} as occurred on steps.occurred_on = occurred.day_on
where steps.previous_activity_code is not null
group by
    steps.process_id, steps.system_id, steps.previous_activity_code, steps.activity_code,
    occurred.week_on
