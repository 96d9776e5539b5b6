{#- Half-open validity [valid_from, valid_to), open where a bound is empty: the day a law starts belongs
    to the new row. -#}
{% macro valid_at(on_date, valid_from, valid_to) -%}
    (
        ({{ valid_from }} is null or {{ on_date }} >= {{ valid_from }})
        and ({{ valid_to }} is null or {{ on_date }} < {{ valid_to }})
    )
{%- endmacro %}
