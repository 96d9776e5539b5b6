-- The objects of an object-centric log that are the cases of a process, by its case_object_type: with the
-- citizen it belongs to (itself, or the one it is related to, or the one its events concern; one of whom
-- nothing is known stands for a citizen of its own) and the day it began.
with objects as (
    select * from {{ ref('stg_object_log__objects') }}
    where
        row_state <> 'superseded'
        and object_type in (select case_object_type from {{ ref('processes') }})
),

relations as (
    select * from {{ ref('int_object_log_relations') }}
    where reject_reason is null
),

citizens as (
    select
        object_key,
        arg_min(citizen_key, (nearness, citizen_key)) as citizen_key
    from (
        select
            source_key as object_key,
            citizen_key,
            1 as nearness
        from relations
        where source_table = 'object_objects' and citizen_key is not null
        union all
        select
            relations.target_key as object_key,
            owners.citizen_key,
            2 as nearness
        from relations
        inner join {{ ref('stg_object_log__objects') }} as owners
            on relations.source_key = owners.object_key and owners.row_state = 'current'
        where relations.source_table = 'object_objects' and owners.citizen_key is not null
        union all
        select
            relations.target_key as object_key,
            concerned.citizen_key,
            3 as nearness
        from relations
        inner join relations as concerned using (source_table, source_key)
        where relations.source_table = 'event_objects' and concerned.citizen_key is not null
    )
    group by object_key
),

starts as (
    select
        relations.target_key as object_key,
        {{ local_date('coalesce(min(events.occurred_at) filter (where is_start), min(events.occurred_at))') }}
            as registered_on
    from relations
    inner join (
        select
            stg_events.*,
            list_contains(
                (select flatten(list(string_split(start_activities, '|'))) from {{ ref('processes') }}),
                stg_events.activity
            ) as is_start
        from {{ ref('stg_object_log__events') }} as stg_events
        where stg_events.row_state = 'current'
    ) as events
        on relations.source_table = 'event_objects' and relations.source_key = events.event_key
    group by relations.target_key
),

target_groups as (
    select
        object_key,
        arg_max(value, coalesce(changed_at, timestamp '1970-01-01')) as target_group
    from {{ ref('int_object_log_attributes') }}
    where attribute = 'target_group'
    group by object_key
)

select
    'object_log' as system_id,
    objects.object_type as course_type,
    objects.object_key as case_key,
    coalesce(objects.citizen_key, citizens.citizen_key, objects.object_key) as citizen_key,
    target_groups.target_group,
    cast(null as varchar) as unemployment_fund,
    starts.registered_on,
    cast(null as date) as ended_on,
    objects.row_state = 'deleted' as has_vanished,
    'objects' as case_table,
    objects.delivered_on,
    objects.received_at
from objects
left join citizens on objects.object_key = citizens.object_key
left join starts on objects.object_key = starts.object_key
left join target_groups on objects.object_key = target_groups.object_key
