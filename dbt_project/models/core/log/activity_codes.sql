{{ config(alias='activities') }}
-- Seeded activities and, for systems with identity mapping, the labels found. The small integer code
-- is what the log is counted by.
with found as (
    select distinct activity_id from {{ ref('events') }}
),

named as (
    select
        coalesce(found.activity_id, seeded.activity_id) as activity_id,
        coalesce(seeded.label_da, found.activity_id) as label_da,
        coalesce(seeded.label_en, found.activity_id) as label_en,
        seeded.family,
        -- an activity nobody has ranked comes after the ranked ones of its day
        coalesce(seeded.sort_rank, 1000) as sort_rank,
        seeded.resource_expected
    from {{ ref('activities') }} as seeded
    full outer join found on seeded.activity_id = found.activity_id
)

select
    activity_id,
    cast(row_number() over (order by activity_id) as smallint) as activity_code,
    label_da,
    label_en,
    family,
    sort_rank,
    resource_expected
from named
