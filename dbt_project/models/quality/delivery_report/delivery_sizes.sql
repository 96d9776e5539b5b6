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
-- events that a later delivery told again are looked at there
select
    system_id,
    delivery_id,
    source_table,
    'pattern' as kind,
    cast(count(*) as bigint) as n_checked
from {{ ref('events') }}
group by system_id, delivery_id, source_table
{% for kind in ['fault_of_act', 'code_pattern'] %}
union all

select
    system_id,
    delivery_id,
    source_table,
    '{{ kind }}' as kind,
    cast(sum(n_acts) as bigint) as n_checked
from {{ ref('acts_of_deliveries') }}
group by system_id, delivery_id, source_table
{% endfor %}
