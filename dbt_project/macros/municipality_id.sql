{#- The controller whose warehouse this is; every key carries it, so two municipalities may share a
    case number. -#}
{% macro municipality_id() -%}
    '{{ env_var("PM_MUNICIPALITY", "000") }}'
{%- endmacro %}
