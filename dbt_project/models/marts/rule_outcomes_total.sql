-- rule_outcomes_summary over all months. A table of its own: in one table a sum would count everybody twice.
with figures as (
    select
        process_id,
        regime_id,
        target_group,
        rule_id,
        version,
        kind,
        {{ outcome_counts() }},
        median(calendar_days) as median_calendar_days,
        median(counted_days) as median_counted_days,
        median(working_days) as median_working_days
    from {{ ref('rule_cohorts') }}
    group by process_id, regime_id, target_group, rule_id, version, kind
)

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
