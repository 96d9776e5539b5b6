{#- Distinct citizens behind rows of paths that were joined with variant_people, each variant once. -#}
{% macro citizens_behind(people) -%}
    cast(
        coalesce(sum({{ people }}.n_citizens) filter (where {{ people }}.citizen_number is null), 0)
        + count(distinct {{ people }}.citizen_number) as bigint
    )
{%- endmacro %}
