{{ config(materialized='ephemeral') }}
-- Codes that are a slip of another, another word for it, or hold what belongs elsewhere, in the acts that a
-- delivery told last. A polluted code is never told: what pollutes it may be a name. A column that holds
-- prose in place of codes has no code of its own, and all of its rows are meant.
with faults as (
    select
        pattern_id,
        system_id,
        source_table,
        source_code,
        case
            when
                pattern_id <> 'polluted_label'
                and {{ code_may_be_told('source_code', 'n_citizens') }}
                then source_code
        end as told_code
    from {{ ref('findings_of_labels') }}
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
        and coalesce(faults.source_code, judged.source_code) = judged.source_code
where judged.reject_reason is null or judged.reject_reason = 'unmapped_code'
group by
    judged.system_id, judged.delivery_id, judged.source_table, faults.pattern_id, faults.told_code
