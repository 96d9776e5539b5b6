{#- A threshold of a detector: its row in detectors/quality_limits.csv. -#}
{% macro limit(limit_id) -%}
    (select amount from {{ ref('quality_limits') }} where limit_id = '{{ limit_id }}')
{%- endmacro %}
