{{ config(materialized='ephemeral') }}
-- The days on which a code begins or ends, one row per mapping that says so, with the legal change it
-- follows from. Only law in force counts. A mapping without days that carries a change began with it; of a
-- change that retires codes or ends a scheme nobody can tell which of the two it did, so it bounds nothing.
with touches as (
    select
        touches.mapping_id,
        touches.what,
        changes.change_id,
        changes.effective_on,
        changes.kind
    from {{ ref('int_law_mapping_touches') }} as touches
    inner join {{ ref('legal_changes') }} as changes on touches.change_id = changes.change_id
    where changes.status in ('in_force', 'ended')
),

mappings as (
    select * from {{ ref('activity_mappings') }}
    where coalesce(municipality_id, {{ municipality_id() }}) = {{ municipality_id() }}
),

dated as (
    select
        mapping_id,
        'end' as bound,
        valid_to as bound_on
    from mappings
    where valid_to is not null

    union all

    select
        mapping_id,
        'start' as bound,
        valid_from as bound_on
    from mappings
    where valid_from is not null
),

-- a change whose day is the bound goes before one the mapping merely carries
named as (
    select
        dated.mapping_id,
        dated.bound,
        dated.bound_on,
        arg_min(
            touches.change_id, if(touches.what = 'mapping_of_change', '1', '0') || touches.change_id
        ) as change_id
    from dated
    left join touches
        on
            dated.mapping_id = touches.mapping_id
            and touches.what in (
                'mapping_of_change', if(dated.bound = 'end', 'mapping_ended', 'mapping_begun')
            )
    group by all

    union all

    select
        mappings.mapping_id,
        'start' as bound,
        touches.effective_on as bound_on,
        touches.change_id
    from mappings
    inner join touches on mappings.mapping_id = touches.mapping_id
    where
        mappings.valid_from is null
        and mappings.valid_to is null
        and touches.kind not in ('scheme_end', 'code_retirement')
)

select
    mappings.system_id,
    mappings.source_table,
    mappings.source_code,
    named.mapping_id,
    named.bound,
    named.bound_on,
    named.change_id
from named
inner join mappings on named.mapping_id = mappings.mapping_id
