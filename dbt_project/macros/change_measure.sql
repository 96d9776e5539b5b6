{#- The rows of one measure in `change_weeks`. `whole` names what the denominator is of: items of one whole
    share it. -#}
{% macro change_measure(measure, axis, from, item, numerator, denominator='null', whole="''") -%}
    select
        process_id,
        system_id,
        '{{ axis }}' as axis,
        '{{ measure }}' as measure,
        {{ item }} as item,
        {{ whole }} as whole,
        week_on,
        cast({{ numerator }} as bigint) as numerator,
        cast({{ denominator }} as bigint) as denominator
    from {{ from }}
{%- endmacro %}
