{#- A mart from the CTE `figures`: the share of a population that a rule asks for, with the words of the rule;
    by month of the anchor or over all months. -#}
{% macro share_figures(by_month) -%}
select
    {{ municipality_id() }} as municipality_id,
    figures.process_id,
    figures.regime_id,
    figures.target_group,
    figures.rule_id,
    figures.version as rule_version,
    rules.title_da as rule_title_da,
    rules.title_en as rule_title_en,
    rules.responsible_party,
    cast(figures.required_count as integer) as required_count,
    cast(rules.window_from as integer) as window_from,
    cast(rules.window_to as integer) as window_to,
    rules.window_unit,
    {%- if by_month %}
    figures.cohort_month,
    {%- endif %}
    figures.n_cohort as n_cases,
    figures.n_cohort_citizens as n_citizens,
    figures.n_reached,
    figures.n_reached_citizens,
    figures.n_reached / nullif(figures.n_cohort, 0) as share_reached,
    cast(rules.share_required as double) as share_required,
    -- counted, not divided: a share of exactly what is asked for meets it
    figures.n_reached >= rules.share_required * nullif(figures.n_cohort, 0) as quota_met,
    figures.n_pending,
    figures.n_pending_citizens,
    figures.n_closed_before_due,
    figures.n_closed_before_due_citizens,
    figures.n_exempt,
    figures.n_exempt_citizens,
    figures.n_not_computable,
    figures.n_not_computable_citizens,
    rules.legal_basis_url,
    rules.certainty,
    rules.certainty = 'verified' as is_certain
from figures
inner join {{ ref('rules') }} as rules
    on
        figures.rule_id = rules.rule_id
        and figures.version = rules.version
        and figures.regime_id = rules.regime_id
{%- endmacro %}


{#- A mart from the CTE `figures`: the cases a rule was judged on, counted, with the words of the rule; by
    month of the anchor or over all months. -#}
{% macro rule_figures(by_month) -%}
select
    {{ municipality_id() }} as municipality_id,
    figures.process_id,
    figures.regime_id,
    figures.target_group,
    figures.rule_id,
    figures.version as rule_version,
    rules.title_da as rule_title_da,
    rules.title_en as rule_title_en,
    figures.kind,
    {%- if by_month %}
    figures.cohort_month,
    {%- endif %}
    figures.n_judged as n_cases,
    figures.n_judged_citizens as n_citizens,
    figures.n_fulfilled,
    figures.n_fulfilled_citizens,
    figures.n_fulfilled / nullif(figures.n_judged, 0) as share_fulfilled,
    figures.n_pending,
    figures.n_pending_citizens,
    figures.n_exempt,
    figures.n_exempt_citizens,
    figures.n_not_applicable,
    figures.n_not_applicable_citizens,
    figures.n_not_computable,
    figures.n_not_computable_citizens,
    figures.median_calendar_days,
    figures.median_counted_days,
    figures.median_working_days,
    rules.legal_basis_url,
    rules.certainty,
    rules.certainty = 'verified' as is_certain
from figures
inner join {{ ref('rules') }} as rules
    on
        figures.rule_id = rules.rule_id
        and figures.version = rules.version
        and figures.regime_id = rules.regime_id
{%- endmacro %}
