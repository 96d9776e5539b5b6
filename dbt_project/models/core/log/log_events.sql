-- What is in which case, before it is put in order: one row per process, case and event, in numbers and in
-- what decides the order. A table: it is read once to be ordered and twice to see where an act of unknown
-- hour stands.
with events as (
    select * from {{ ref('events') }}
),

files as (
    select
        delivered_on,
        source_file,
        row_number() over (order by delivered_on, source_file) as file_number
    from (
        select distinct
            delivered_on,
            source_file
        from events
    )
)

select
    notions.case_number,
    notions.slice_number,
    events.event_key,
    activities.activity_code,
    cast(activities.sort_rank as smallint) as sort_rank,
    events.occurred_at,
    events.occurred_on,
    events.occurred_precision = 'day' as is_day_only,
    {{ resource_code('events.resource_type') }} as resource_code,
    -- a row's place among all that was delivered: the day of the delivery, the file, the row; two acts that
    -- one row tells of go by their activity
    (files.file_number << 48) + (events.source_row << 14) + activities.activity_code as row_place
from {{ ref('int_case_notions') }} as notions
inner join {{ ref('case_events') }} as case_events
    on notions.process_id = case_events.process_id and notions.case_id = case_events.case_id
inner join events on case_events.event_id = events.event_id
inner join {{ ref('activity_codes') }} as activities on events.activity_id = activities.activity_id
left join files
    on
        events.delivered_on is not distinct from files.delivered_on
        and events.source_file is not distinct from files.source_file
