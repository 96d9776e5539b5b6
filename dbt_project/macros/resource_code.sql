{#- Who acts, in a small number that the log can carry through its ordering; 0 where nobody tells. -#}
{% macro resource_code(resource_type) -%}
    cast(case {{ resource_type }}
        when 'human' then 1 when 'robot' then 2 when 'system' then 3 when 'citizen' then 4 else 0
    end as utinyint)
{%- endmacro %}

{#- The word of such a number. -#}
{% macro resource_type(resource_code) -%}
    case {{ resource_code }}
        when 1 then 'human' when 2 then 'robot' when 3 then 'system' when 4 then 'citizen' else 'unknown'
    end
{%- endmacro %}

{#- Robots and systems: what they do is no work of people. -#}
{% macro is_machine(resource_code) -%}
    {{ resource_code }} in (2, 3)
{%- endmacro %}
