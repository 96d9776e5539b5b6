{#- Whether an event of a log tells of work planned, begun or given up, by the words of the life cycle in the
    XES standard. A status of the system's own says nothing of it, and a time that is missing is a fault of a
    start as well. -#}
{% macro is_not_completed(occurred_at, lifecycle) -%}
    (
        {{ occurred_at }} is not null
        and coalesce({{ lifecycle }} in (
            'schedule', 'assign', 'reassign', 'start', 'suspend', 'resume', 'withdraw', 'pi_abort',
            'ate_abort', 'autoskip', 'manualskip'
        ), false)
    )
{%- endmacro %}
