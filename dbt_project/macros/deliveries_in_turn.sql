{#- The deliveries of each system in the order they were made, numbered from 1: one row per delivery. -#}
{% macro deliveries_in_turn() -%}
select
    system_id,
    delivery_id,
    max(delivered_on) as delivered_on,
    row_number() over (
        partition by system_id order by max(delivered_on), max(received_at), delivery_id
    ) as delivery_number
from {{ ref('deliveries') }}
group by system_id, delivery_id
{%- endmacro %}
