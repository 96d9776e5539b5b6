{#- How many seconds a unit of time of a seed has; null for a unit that is none. -#}
{% macro seconds_in(unit) -%}
    case {{ unit }}
        when 'second' then 1
        when 'minute' then 60
        when 'hour' then 3600
        when 'day' then 86400
    end
{%- endmacro %}
