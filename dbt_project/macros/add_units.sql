{#- A date moved by days, weeks or calendar months, as the rules count their windows. -#}
{% macro add_units(on_date, amount, unit) -%}
    cast(
        {{ on_date }} + case {{ unit }}
            when 'day' then to_days(cast({{ amount }} as integer))
            when 'week' then to_days(7 * cast({{ amount }} as integer))
            when 'month' then to_months(cast({{ amount }} as integer))
        end as date
    )
{%- endmacro %}
