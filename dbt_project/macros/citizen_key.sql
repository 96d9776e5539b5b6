{#- The pseudonym under which a citizen is known today: a person whose CPR number changed stays one
    citizen, in the rows of every system of the municipality. -#}
{% macro citizen_key(column) -%}
    coalesce(
        (
            select citizens.citizen_key from {{ ref('stg_citizens') }} as citizens
            where citizens.old_citizen_key = {{ column }}
        ),
        {{ column }}
    )
{%- endmacro %}
