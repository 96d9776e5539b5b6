{{ config(materialized='ephemeral') }}
-- Patterns in the events that a delivery told last: what a later delivery told again is judged there. An
-- event of two processes is one event to who sent it.
with found as (
    select distinct
        pattern_id,
        event_id
    from {{ ref('findings_of_events') }}
)

select
    events.system_id,
    events.delivery_id,
    events.source_table,
    'pattern' as kind,
    found.pattern_id as code,
    patterns.field as column_name,
    cast(null as varchar) as detail,
    count(*) as n_found,
    -- one row may tell several acts
    min(distinct struct_pack(source_file := events.source_file, source_row := events.source_row), 5)
        as first_places
from found
inner join {{ ref('events') }} as events on found.event_id = events.event_id
inner join {{ ref('quality_patterns') }} as patterns on found.pattern_id = patterns.pattern_id
group by
    events.system_id, events.delivery_id, events.source_table, found.pattern_id, patterns.field
