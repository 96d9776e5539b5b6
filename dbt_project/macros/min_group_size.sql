{#- The minimum group of this installation: marts fold what is rarer, publication removes it. -#}
{% macro min_group_size() -%}
    {{ env_var("PM_MIN_GROUP_SIZE", "5") | int }}
{%- endmacro %}
