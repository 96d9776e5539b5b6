{#- Seeds hold lists as `a|b|c`; an empty cell means "all". -#}
{% macro list_has_or_empty(list_column, value) -%}
    ({{ list_column }} is null or list_contains(string_split({{ list_column }}, '|'), {{ value }}))
{%- endmacro %}
