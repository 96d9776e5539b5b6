{#- A stable text id of several fields. Null and the empty string stay apart, and the separator is
    escaped inside a part (a label may hold one), so that two different keys cannot share an id. The
    parts are pseudonyms or codes already: this is no protection. -#}
{% macro text_id(parts) -%}
    md5(concat_ws('|', {% for part in parts -%}
        coalesce(replace(replace(cast({{ part }} as varchar), '\', '\\'), '|', '\|'), '\0'){{ ", " if not loop.last }}
    {%- endfor %}))
{%- endmacro %}
