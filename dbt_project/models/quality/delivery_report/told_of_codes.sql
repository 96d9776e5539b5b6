{{ config(materialized='ephemeral') }}
-- Codes that the law or the system made say something else than their mapping, in the acts that a delivery
-- told last. A code that is unknown since a change is told as unknown already.
with faults as (
    select
        faults.pattern_id,
        faults.system_id,
        faults.source_table,
        faults.source_code,
        faults.occurred_on,
        -- one row, and one answer, for a code that two changes made faulty
        max(faults.source_code) filter (
            {{ code_may_be_told('faults.source_code', 'codes.n_citizens') }}
        ) as told_code
    from {{ ref('int_quality_code_faults') }} as faults
    inner join {{ ref('findings_of_codes') }} as codes
        on
            faults.pattern_id = codes.pattern_id
            and faults.system_id = codes.system_id
            and faults.source_table = codes.source_table
            and faults.source_code = codes.source_code
            and faults.change_id is not distinct from codes.change_id
    where faults.pattern_id <> 'unmapped_since_change'
    group by all
)

{{ told_acts_of_codes(
    'judged.source_code = faults.source_code and judged.occurred_on = faults.occurred_on'
) }}
