{{ config(materialized='table') }}
-- One row per course: a period in which a citizen belongs to one target group (Momentum), or the case
-- as the system numbers it (Fasit, event log). A course is what most processes call a case.
with momentum as (
    select
        'momentum' as system_id,
        target_group_row_id as case_key,
        citizen_key,
        target_group,
        start_on as registered_on,
        -- an end that lies ahead of the delivery is a plan
        case when end_on <= delivered_on then end_on end as ended_on
    from {{ ref('stg_momentum__target_groups') }}
    where is_current and start_on is not null
),

fasit as (
    select
        'fasit' as system_id,
        case_key,
        arg_max(citizen_key, (delivery_id, source_row)) as citizen_key,
        arg_max(target_group, (delivery_id, source_row)) as target_group,
        arg_max(registered_on, (delivery_id, source_row)) as registered_on,
        arg_max(deregistered_on, (delivery_id, source_row)) as ended_on
    from {{ ref('stg_fasit__haendelser') }}
    where is_current and case_key is not null
    group by case_key
),

event_log as (
    select
        'event_log' as system_id,
        case_key,
        arg_max(citizen_key, (delivery_id, source_row)) as citizen_key,
        arg_max(target_group, (delivery_id, source_row)) as target_group,
        -- the day of the activity that starts a process, where the log has it: summons may come before
        {{ local_date('coalesce(min(occurred_at) filter (where is_start), min(occurred_at))') }}
            as registered_on,
        cast(null as date) as ended_on
    from (
        select
            events.*,
            list_contains(
                (select flatten(list(string_split(start_activities, '|'))) from {{ ref('processes') }}),
                events.activity
            ) as is_start
        from {{ ref('stg_event_log__events') }} as events
    )
    where is_current and case_key is not null
    group by case_key
),

unioned as (
    select * from momentum
    union all by name
    select * from fasit
    union all by name
    select * from event_log
)

select
    {{ text_id([municipality_id(), 'system_id', "'course'", 'case_key']) }} as course_id,
    {{ text_id([municipality_id(), "'citizen'", 'citizen_key']) }} as citizen_id,
    *
from unioned
