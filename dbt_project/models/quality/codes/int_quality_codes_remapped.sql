{{ config(materialized='ephemeral') }}
-- Codes that two mappings give different activities, on the days around the change of meaning: a source
-- switches on its own day, so there the old and the new meaning cannot be told apart.
with days as (
    select * from {{ ref('int_quality_code_days') }}
    where activity_id is not null
),

-- the mappings a code really had, in time: a municipality's own goes before the common one
spells as (
    select
        system_id,
        source_table,
        source_code,
        activity_id,
        mapping_id,
        min(occurred_on) as first_on
    from days
    group by all
),

turned as (
    select
        *,
        lag(activity_id) over code_in_time as former_activity_id,
        lag(mapping_id) over code_in_time as former_mapping_id
    from spells
    window code_in_time as (partition by system_id, source_table, source_code order by first_on)
),

-- The new mapping says from when it holds, or the former one until when: a common mapping without days
-- comes back when a municipality's own ends.
bounded as (
    select
        turned.system_id,
        turned.source_table,
        turned.source_code,
        greatest(later.bound_on, former.bound_on) as turned_on,
        if(
            coalesce(later.bound_on >= former.bound_on, later.bound_on is not null),
            coalesce(later.change_id, former.change_id),
            former.change_id
        ) as change_id
    from turned
    left join {{ ref('int_quality_code_bounds') }} as later
        on turned.mapping_id = later.mapping_id and later.bound = 'start'
    left join {{ ref('int_quality_code_bounds') }} as former
        on turned.former_mapping_id = former.mapping_id and former.bound = 'end'
    where turned.activity_id <> turned.former_activity_id
)

select
    days.system_id,
    days.source_table,
    days.source_code,
    days.occurred_on,
    bounded.change_id
from days
inner join bounded
    on
        days.system_id = bounded.system_id
        and days.source_table = bounded.source_table
        and days.source_code = bounded.source_code
        and abs(days.occurred_on - bounded.turned_on) <= {{ limit('meaning_grace_days') }}
