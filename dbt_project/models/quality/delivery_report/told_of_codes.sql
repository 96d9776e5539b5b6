{{ config(materialized='ephemeral') }}
-- Codes that the law or the system made say something else than their mapping, in the acts that a delivery
-- told last. A code that is unknown since a change is told as unknown already.
with faults as (
    select distinct
        faults.pattern_id,
        faults.system_id,
        faults.source_table,
        faults.source_code,
        faults.occurred_on,
        case when {{ code_may_be_told('faults.source_code', 'codes.n_citizens') }} then faults.source_code end
            as told_code
    from {{ ref('int_quality_code_faults') }} as faults
    inner join {{ ref('findings_of_codes') }} as codes
        on
            faults.pattern_id = codes.pattern_id
            and faults.system_id = codes.system_id
            and faults.source_table = codes.source_table
            and faults.source_code = codes.source_code
            and faults.change_id is not distinct from codes.change_id
    where faults.pattern_id <> 'unmapped_since_change'
)

select
    judged.system_id,
    judged.delivery_id,
    judged.source_table,
    'code_pattern' as kind,
    faults.pattern_id as code,
    cast(null as varchar) as column_name,
    faults.told_code as detail,
    count(*) as n_found,
    min(struct_pack(source_file := judged.source_file, source_row := judged.source_row), 5)
        as first_places
from {{ ref('int_events_judged') }} as judged
inner join faults
    on
        judged.system_id = faults.system_id
        and judged.source_table = faults.source_table
        and judged.source_code = faults.source_code
        and judged.occurred_on = faults.occurred_on
where judged.reject_reason is null or judged.reject_reason = 'unmapped_code'
group by
    judged.system_id, judged.delivery_id, judged.source_table, faults.pattern_id, faults.told_code
