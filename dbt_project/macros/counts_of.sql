{#- Cases and distinct citizens of each group: n_<name>, n_<name>_citizens. `groups` maps a name to the values
    that `column` has in the group. -#}
{% macro counts_of(column, groups) -%}
    {%- for name, values in groups.items() %}
    {%- set counted = "filter (where " ~ column ~ " in ('" ~ values | join("', '") ~ "'))" %}
    count(*) {{ counted }} as n_{{ name }},
    count(distinct citizen_id) {{ counted }} as n_{{ name }}_citizens{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- The outcomes of a rule in counts: those judged, and apart from them all who were not. -#}
{% macro outcome_counts() -%}
    {{ counts_of('outcome', {
        'judged': ['fulfilled', 'breached'], 'fulfilled': ['fulfilled'], 'pending': ['pending'],
        'exempt': ['exempt'], 'not_applicable': ['not_applicable'], 'not_computable': ['not_computable'],
    }) }}
{%- endmacro %}


{#- The population of a rule about a share in counts: the cohort, and apart from it all who are outside. -#}
{% macro share_counts() -%}
    {{ counts_of('state', {
        'cohort': ['reached', 'not_reached'], 'reached': ['reached'], 'pending': ['pending'],
        'closed_before_due': ['closed_before_due'], 'exempt': ['exempt'],
        'not_computable': ['not_computable'],
    }) }}
{%- endmacro %}
