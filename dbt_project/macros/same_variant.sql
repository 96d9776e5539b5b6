{#- A case and its variant: the slice and the path, told by its length and two independent hashes of it. -#}
{% macro same_variant(walks, variants) -%}
    {{ walks }}.slice_number = {{ variants }}.slice_number
            and {{ walks }}.path_sum = {{ variants }}.path_sum
            and {{ walks }}.path_mix = {{ variants }}.path_mix
            and {{ walks }}.n_events = {{ variants }}.n_events
{%- endmacro %}
