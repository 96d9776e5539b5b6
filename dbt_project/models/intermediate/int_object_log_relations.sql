{{ config(materialized='table') }}
-- Every relation of an object-centric log, of events and of objects, with the one reason why it cannot
-- hold. A relation goes with the delivery that told of its event (or of the object it starts from): when
-- a later one tells of that again, it tells of its relations again.
with objects as (
    select * from {{ ref('stg_object_log__objects') }}
),

told as (
    select
        'event_objects' as source_table,
        event_id as source_key,
        object_id as target_key,
        qualifier,
        delivery_id,
        source_file,
        source_row
    from {{ source('lake', 'object_log_event_objects') }}
    union all by name
    select
        'object_objects' as source_table,
        source_object_id as source_key,
        target_object_id as target_key,
        qualifier,
        delivery_id,
        source_file,
        source_row
    from {{ source('lake', 'object_log_object_objects') }}
),

sources as (
    select
        'event_objects' as source_table,
        event_key as source_key,
        {{ text_id([municipality_id(), "'object_log'", "'events'", 'event_key']) }} as source_id,
        row_state,
        delivery_id,
        source_file
    from {{ ref('stg_object_log__events') }}
    union all by name
    select
        'object_objects' as source_table,
        object_key as source_key,
        core_object_id as source_id,
        row_state,
        delivery_id,
        source_file
    from objects
)

select
    told.*,
    sources.source_id,
    targets.core_object_id as target_id,
    targets.object_type as target_type,
    targets.citizen_key,
    case
        when sources.row_state = 'deleted' then 'deleted_at_source'
        when sources.row_state is null then 'unknown_source'
        when sources.row_state <> 'current' then 'superseded'
        when targets.object_key is null then 'unknown_object'
    end as reject_reason
from told
left join sources using (source_table, source_key, delivery_id, source_file)
left join objects as targets on told.target_key = targets.object_key and targets.row_state = 'current'
