-- Codes that a change of law, or of a system, made say something else than their mapping: one row per
-- pattern, code and change, with the acts concerned. Never published: a code may hold what somebody typed.
select
    {{ municipality_id() }} as municipality_id,
    faults.pattern_id,
    faults.system_id,
    faults.source_table,
    faults.source_code,
    faults.change_id,
    min(faults.occurred_on) as first_on,
    max(faults.occurred_on) as last_on,
    count(*) as n_rows,
    count(distinct judged.citizen_key) as n_citizens
from {{ ref('int_events_judged') }} as judged
inner join {{ ref('int_quality_code_faults') }} as faults
    on
        judged.system_id = faults.system_id
        and judged.source_table = faults.source_table
        and judged.source_code = faults.source_code
        and judged.occurred_on = faults.occurred_on
where judged.reject_reason is null or judged.reject_reason = 'unmapped_code'
group by all
