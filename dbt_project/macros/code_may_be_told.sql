{#- Whether a code of a source is surely a code and no prose: short, no address, no long number, and used by as
    many people as a published group has. The same rule as in pm_pipeline/publish/unmapped.py. -#}
{% macro code_may_be_told(code, n_citizens) -%}
    (
        {{ n_citizens }} >= {{ min_group_size() }}
        and length({{ code }}) between 1 and 60
        and not regexp_matches({{ code }}, '@|[0-9]{6}')
    )
{%- endmacro %}
