{#- The page to a sender: acts that a delivery told last, of the codes in the CTE `faults` (pattern_id,
    told_code), joined as `on_code` says. -#}
{% macro told_acts_of_codes(on_code) -%}
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
        and {{ on_code }}
where judged.reject_reason is null or judged.reject_reason = 'unmapped_code'
group by
    judged.system_id, judged.delivery_id, judged.source_table, faults.pattern_id, faults.told_code
{%- endmacro %}
