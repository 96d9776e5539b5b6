{#- A stable text id of several fields. Null and the empty string stay apart, so that two different
    keys cannot share an id. The parts are pseudonyms or codes already: this is no protection. -#}
{% macro text_id(parts) -%}
    md5(concat_ws('|', {% for part in parts -%}
        coalesce(cast({{ part }} as varchar), '␀'){{ ", " if not loop.last }}
    {%- endfor %}))
{%- endmacro %}
