{#- What a source row is today: `current`, `superseded` (a later delivery or a later change restates its
    key), or `deleted` (the last complete delivery of the table does not tell of its key any more; a
    table that delivers increments has none, nor has one of which rows were left out at the door). No row is dropped: what
    is not current becomes a rejected event with its reason. -#}
{% macro row_state(system_id, table_name, natural_key, changed_at='null') -%}
    case
        when
            row_number() over (
                partition by {{ natural_key }}
                order by
                    delivered_on desc, received_at desc, {{ changed_at }} desc nulls last,
                    source_row desc, source_file desc
            ) > 1 then 'superseded'
        when {{ is_before_last_full(system_id, table_name) }} then 'deleted'
        else 'current'
    end
{%- endmacro %}


{#- Whether a row was delivered before the last full delivery of its table; null where there is none. -#}
{% macro is_before_last_full(system_id, table_name) -%}
    (delivered_on, received_at) < (
        select max((full_ones.delivered_on, full_ones.received_at))
        from {{ source('lake', 'deliveries') }} as full_ones
        where
            full_ones.system_id = '{{ system_id }}'
            and full_ones.table_name = '{{ table_name }}'
            and full_ones.is_complete
    )
{%- endmacro %}
