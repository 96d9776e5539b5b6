-- noqa: disable=LT02
-- Among how many something could be found in a delivery, by kind of finding: so that nothing found is told
-- from nothing to look at. Null where the number found says it alone.
with files as (
    select
        system_id,
        delivery_id,
        table_name as source_table,
        sum(rows_in_file) as n_rows
    from {{ ref('deliveries') }}
    group by all
)
{% for kind in ['rejected_row', 'rejected_value', 'change', 'file'] %}
select
    system_id,
    delivery_id,
    source_table,
    '{{ kind }}' as kind,
    {{ 'cast(null as bigint)' if kind == 'file' else 'cast(n_rows as bigint)' }} as n_checked
from files

union all
{% endfor %}
select
    system_id,
    delivery_id,
    source_table,
    'fault_of_act' as kind,
    cast(sum(n_acts) as bigint) as n_checked
from {{ ref('acts_of_deliveries') }}
group by system_id, delivery_id, source_table
