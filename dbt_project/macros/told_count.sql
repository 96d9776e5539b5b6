{#- A count as it is told: in steps of twice the minimum group, and to two digits. Two counts that differ by
    fewer than the minimum group are then told as the same or as one step apart, and a step apart may as
    well be more than twice as many: so nothing of a few is had by subtracting one figure from another. A
    count below the minimum group is not told; none at all is. -#}
{% macro told_count(count) -%}
    case
        when {{ count }} = 0 then 0
        when {{ count }} >= {{ min_group_size() }} then cast(
            round({{ count }} / {{ told_step(count) }}) * {{ told_step(count) }} as bigint
        )
    end
{%- endmacro %}

{% macro told_step(count) -%}
    greatest({{ 2 * (min_group_size() | int) }}, pow(10, floor(log10(greatest({{ count }}, 1))) - 1))
{%- endmacro %}

{#- Who stands behind a figure, as it is told: that they are enough, or 0. Unknown stays unknown (`least`
    would take the other value for it). -#}
{% macro told_citizens(citizens) -%}
    case
        when {{ citizens }} >= {{ min_group_size() }} then {{ min_group_size() }}
        when {{ citizens }} is not null then 0
    end
{%- endmacro %}

{#- The same where a few are not left out but blanked later, with all that is said of them. -#}
{% macro told_or_few(count) -%}
    if({{ count }} between 1 and {{ min_group_size() }} - 1, {{ 2 * (min_group_size() | int) }}, {{ told_count(count) }})
{%- endmacro %}

{#- A value of counts in steps: a share of its whole, or (a volume) a number a week; where there is a value. -#}
{% macro told_value(value, count, whole, weeks='null') -%}
    if({{ value }} is null, null, round({{ count }} / nullif(coalesce({{ whole }}, {{ weeks }}), 0), 3))
{%- endmacro %}
