{#- The Danish calendar day of a UTC instant: law counts days in Denmark, not in UTC. -#}
{% macro local_date(utc_timestamp) -%}
    cast(timezone('Europe/Copenhagen', timezone('UTC', {{ utc_timestamp }})) as date)
{%- endmacro %}


{#- The UTC instant of local midnight of a date-only stamp. -#}
{% macro local_midnight(on_date) -%}
    timezone('UTC', timezone('Europe/Copenhagen', cast({{ on_date }} as timestamp)))
{%- endmacro %}
