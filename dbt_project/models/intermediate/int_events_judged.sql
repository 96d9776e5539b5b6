{{ config(materialized='table') }}
-- Every staged act with its activity, or with the one reason why it does not become an event. `events`
-- and `rejected_events` are the two halves of this table, so nothing can be lost between them.
with staged as (
    select
        *,
        {{ local_date('occurred_at') }} as occurred_on
    from {{ ref('int_events_unioned') }}
),

-- The few codes and days are matched, not the many rows.
coded_days as (
    select distinct
        staged.system_id,
        staged.source_table,
        staged.source_code,
        staged.occurred_on,
        systems.mapping = 'identity' as is_identity
    from staged
    inner join {{ ref('case_systems') }} as systems on staged.system_id = systems.system_id
),

mapped as (
    select
        coded_days.system_id,
        coded_days.source_table,
        coded_days.source_code,
        coded_days.occurred_on,
        coalesce(
            mappings.activity_id,
            case when coded_days.is_identity then coded_days.source_code end
        ) as activity_id,
        coalesce(
            mappings.mapping_id,
            case when coded_days.is_identity then 'identity' end
        ) as mapping_id
    from coded_days
    left join {{ ref('activity_mappings') }} as mappings
        on
            coded_days.system_id = mappings.system_id
            and coded_days.source_table = mappings.source_table
            and coded_days.source_code = mappings.source_code
            and {{ valid_at('coded_days.occurred_on', 'mappings.valid_from', 'mappings.valid_to') }}
            and coalesce(mappings.municipality_id, {{ municipality_id() }}) = {{ municipality_id() }}
    -- a municipality's own mapping goes before the common one
    qualify
        row_number() over (
            partition by
                coded_days.system_id, coded_days.source_table, coded_days.source_code,
                coded_days.occurred_on
            order by mappings.municipality_id nulls last, mappings.mapping_id
        ) = 1
)

select
    {{ text_id([municipality_id(), 'staged.system_id', 'staged.source_table', 'staged.source_key']) }}
        as event_id,
    staged.*,
    mapped.activity_id,
    mapped.mapping_id,
    case
        when staged.row_state = 'deleted' then 'deleted_at_source'
        when staged.row_state <> 'current' then 'superseded'
        else {{ fault_of_act('staged', 'mapped') }}
    end as reject_reason
from staged
left join mapped
    on
        staged.system_id = mapped.system_id
        and staged.source_table = mapped.source_table
        and staged.source_code is not distinct from mapped.source_code
        and staged.occurred_on is not distinct from mapped.occurred_on
