{{ config(meta={'dagster': {'ref': {'name': 'events'}}}) }}
-- No row vanishes on the way from the lake to the judged acts: each tells of at least one.
with lake as (
    select
        delivery_id,
        source_file,
        source_row
    from {{ source('lake', 'momentum_contacts') }}
    union all
    select
        delivery_id,
        source_file,
        source_row
    from {{ source('lake', 'momentum_tasks') }}
    union all
    select
        delivery_id,
        source_file,
        source_row
    from {{ source('lake', 'momentum_caseworkers') }}
    union all
    select
        delivery_id,
        source_file,
        source_row
    from {{ source('lake', 'momentum_target_groups') }}
    union all
    select
        delivery_id,
        source_file,
        source_row
    from {{ source('lake', 'momentum_offers') }}
    union all
    select
        delivery_id,
        source_file,
        source_row
    from {{ source('lake', 'momentum_absences') }}
    union all
    select
        delivery_id,
        source_file,
        source_row
    from {{ source('lake', 'fasit_haendelser') }}
    union all
    select
        delivery_id,
        source_file,
        source_row
    from {{ source('lake', 'event_log_events') }}
    union all
    select
        delivery_id,
        source_file,
        source_row
    from {{ source('lake', 'object_log_events') }}
)

select lake.*
from lake
anti join {{ ref('int_events_judged') }} as judged
    on
        lake.delivery_id = judged.delivery_id
        and lake.source_file = judged.source_file
        and lake.source_row = judged.source_row
