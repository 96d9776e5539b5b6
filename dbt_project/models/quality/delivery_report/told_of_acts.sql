{{ config(materialized='ephemeral') }}
-- Acts of a delivery that could be no event: by table, and for unknown codes by code. Codes that may not be
-- told are one row together.
select
    system_id,
    delivery_id,
    source_table,
    'fault_of_act' as kind,
    fault as code,
    cast(null as varchar) as column_name,
    case
        when fault = 'unmapped_code' and {{ code_may_be_told('source_code', 'n_citizens') }}
            then source_code
    end as detail,
    sum(n_acts) as n_found,
    list_sort(flatten(list(first_places)))[:5] as first_places
from {{ ref('acts_of_deliveries') }}
where fault is not null
group by all
