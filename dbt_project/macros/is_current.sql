{#- A source row is current when no later delivery and no later change restates its key. Earlier rows
    are not dropped: they become rejected_events with the reason `superseded`. -#}
{% macro is_current(natural_key, changed_at='null') -%}
    row_number() over (
        partition by {{ natural_key }}
        order by delivered_on desc, {{ changed_at }} desc nulls last, source_row desc, delivery_id desc
    ) = 1
{%- endmacro %}
