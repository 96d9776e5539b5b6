{{ config(materialized='table') }}
-- One row per course: a period in which a citizen belongs to one target group (Momentum), or the case
-- as the system numbers it (Fasit, event log), or an object of an object-centric log whose type a process
-- names as its case (course_type). A course is what most processes call a case. One that the last full
-- delivery tells nothing of any more has vanished: it is kept as it was last told, with the day.
with momentum as (
    select
        'momentum' as system_id,
        target_group_row_id as case_key,
        citizen_key,
        target_group,
        unemployment_fund,
        start_on as registered_on,
        -- an end that lies ahead of the delivery is a plan
        case when end_on <= delivered_on then end_on end as ended_on,
        row_state = 'deleted' as has_vanished,
        'target_groups' as case_table,
        (delivered_on, received_at) as last_told
    from {{ ref('stg_momentum__target_groups') }}
    where row_state <> 'superseded' and start_on is not null
),

fasit as (
    select
        'fasit' as system_id,
        case_key,
        arg_max(citizen_key, (delivered_on, received_at, source_row)) as citizen_key,
        arg_max(target_group, (delivered_on, received_at, source_row)) as target_group,
        arg_max(unemployment_fund, (delivered_on, received_at, source_row)) as unemployment_fund,
        arg_max(registered_on, (delivered_on, received_at, source_row)) as registered_on,
        arg_max(deregistered_on, (delivered_on, received_at, source_row)) as ended_on,
        not bool_or(row_state = 'current') as has_vanished,
        'haendelser' as case_table,
        max((delivered_on, received_at)) as last_told
    from {{ ref('stg_fasit__haendelser') }}
    where row_state <> 'superseded' and case_key is not null
    group by case_key
),

event_log as (
    select
        'event_log' as system_id,
        case_key,
        arg_max(citizen_key, (delivered_on, received_at, source_row)) as citizen_key,
        arg_max(target_group, (delivered_on, received_at, source_row)) as target_group,
        arg_max(unemployment_fund, (delivered_on, received_at, source_row)) as unemployment_fund,
        -- the day of the activity that starts a process, where the log has it: summons may come before
        {{ local_date('coalesce(min(occurred_at) filter (where is_start), min(occurred_at))') }}
            as registered_on,
        cast(null as date) as ended_on,
        not bool_or(row_state = 'current') as has_vanished,
        'events' as case_table,
        max((delivered_on, received_at)) as last_told
    from (
        select
            events.*,
            list_contains(
                (select flatten(list(string_split(start_activities, '|'))) from {{ ref('processes') }}),
                events.activity
            ) as is_start
        from {{ ref('stg_event_log__events') }} as events
    )
    where row_state <> 'superseded' and case_key is not null
    group by case_key
),

unioned as (
    select * from momentum
    union all by name
    select * from fasit
    union all by name
    select * from event_log
    union all by name
    select
        * exclude (delivered_on, received_at),
        (delivered_on, received_at) as last_told
    from {{ ref('int_object_log_cases') }}
)

select
    {{ text_id([municipality_id(), 'system_id', "coalesce(course_type, 'course')", 'case_key']) }}
        as course_id,
    {{ text_id([municipality_id(), "'citizen'", 'citizen_key']) }} as citizen_id,
    coalesce(unioned.course_type, 'course') as course_type,
    unioned.* exclude (course_type, has_vanished, last_told),
    case when unioned.has_vanished then (
        select min(full_ones.delivered_on)
        from {{ source('lake', 'deliveries') }} as full_ones
        where
            full_ones.system_id = unioned.system_id
            and full_ones.table_name = unioned.case_table
            and full_ones.is_complete
            and (full_ones.delivered_on, full_ones.received_at) > unioned.last_told
    ) end as vanished_on
from unioned
