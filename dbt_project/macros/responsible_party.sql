{#- The word each system uses for who held a talk, in the product's own words. -#}
{% macro responsible_party(column) -%}
    case lower({{ column }})
        when 'jobcenter' then 'municipality'
        when 'kommune' then 'municipality'
        when 'municipality' then 'municipality'
        when 'a-kasse' then 'unemployment_fund'
        when 'unemployment_fund' then 'unemployment_fund'
        when 'fælles' then 'joint'
        when 'faelles' then 'joint'
        when 'joint' then 'joint'
    end
{%- endmacro %}
