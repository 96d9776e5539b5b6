-- Codes that no mapping has ever known and that were first told soon after a dated change: the usual sign of
-- a law or a release that broke the mapping. Of several changes the last one before it. A code told before
-- the change is not of it, and where the table does not reach back before the change nobody can say.
with days as (
    select * from {{ ref('int_quality_code_days') }}
),

reach as (
    select
        system_id,
        source_table,
        min(occurred_on) as first_on
    from days
    group by system_id, source_table
),

never_mapped as (
    select
        days.system_id,
        days.source_table,
        days.source_code,
        min(days.occurred_on) as first_on
    from days
    anti join {{ ref('activity_mappings') }} as mappings
        on
            days.system_id = mappings.system_id
            and days.source_table = mappings.source_table
            and days.source_code = mappings.source_code
            and coalesce(mappings.municipality_id, {{ municipality_id() }}) = {{ municipality_id() }}
    where days.activity_id is null
    group by days.system_id, days.source_table, days.source_code
    having sum(days.n_rows) >= {{ limit('unmapped_min_rows') }}
),

changes as (
    select distinct
        change_id,
        changed_on,
        system_id
    from {{ ref('dated_changes') }}
    where kind in ('law', 'release')
),

since as (
    select
        never_mapped.*,
        changes.change_id
    from never_mapped
    inner join reach
        on
            never_mapped.system_id = reach.system_id
            and never_mapped.source_table = reach.source_table
    inner join changes
        on
            coalesce(changes.system_id, never_mapped.system_id) = never_mapped.system_id
            and never_mapped.first_on >= changes.changed_on
            and never_mapped.first_on - changes.changed_on <= {{ limit('unmapped_since_days') }}
            and changes.changed_on - reach.first_on >= {{ limit('unmapped_reach_days') }}
    qualify
        row_number() over (
            partition by never_mapped.system_id, never_mapped.source_table, never_mapped.source_code
            order by changes.changed_on desc, changes.change_id asc
        ) = 1
)

select
    'unmapped_since_change' as pattern_id,
    days.system_id,
    days.source_table,
    days.source_code,
    days.occurred_on,
    since.change_id
from days
inner join since
    on
        days.system_id = since.system_id
        and days.source_table = since.source_table
        and days.source_code = since.source_code
