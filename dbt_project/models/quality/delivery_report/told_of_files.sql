-- noqa: disable=LT02
{{ config(materialized='ephemeral') }}
-- What the files of a delivery tell by their form (rows told twice, columns too many or too few), and what
-- they made of rows that were delivered before.
{%- set counts = ['exact_duplicates', 'missing_numbers', 'values_cleaned', 'unlisted_columns'] %}

with files as (
    select
        system_id,
        delivery_id,
        table_name as source_table,
        sum(exact_duplicates) as exact_duplicates,
        sum(missing_numbers) as missing_numbers,
        sum(values_cleaned) as values_cleaned,
        max(unlisted_columns) as unlisted_columns,
        max(nullif(absent_columns, '')) as absent_columns
    from {{ ref('deliveries') }}
    group by all
)

select
    system_id,
    delivery_id,
    table_name as source_table,
    'change' as kind,
    change as code,
    column_name,
    null as detail,
    n_rows as n_found,
    null as first_places
from {{ ref('delivery_changes') }}
where is_total and compared_with is not null and change in ('deleted', 'restated')

union all

select
    system_id,
    delivery_id,
    source_table,
    'file' as kind,
    'absent_columns' as code,
    null as column_name,
    absent_columns as detail,
    len(string_split(absent_columns, ', ')) as n_found,
    null as first_places
from files
where absent_columns is not null
{% for code in counts %}
union all

select
    system_id,
    delivery_id,
    source_table,
    'file' as kind,
    '{{ code }}' as code,
    null as column_name,
    null as detail,
    {{ code }} as n_found,
    null as first_places
from files
where {{ code }} > 0
{% endfor %}
