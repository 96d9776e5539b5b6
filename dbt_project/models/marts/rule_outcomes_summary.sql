-- One row per process, regime, target group, rule version and outcome.
with rule_outcomes as (
    select * from {{ ref('rule_outcomes') }}
),

rules as (
    select * from {{ ref('rules') }}
),

outcomes as (
    select
        process_id,
        regime_id,
        target_group,
        rule_id,
        version,
        kind,
        outcome,
        count(*) as n_cases,
        count(distinct citizen_id) as n_citizens
    from rule_outcomes
    group by process_id, regime_id, target_group, rule_id, version, kind, outcome
),

judged as (
    select
        process_id,
        regime_id,
        target_group,
        rule_id,
        version,
        count(*) as n_judged_cases,
        count(distinct citizen_id) as n_judged_citizens
    from rule_outcomes
    where outcome in ('fulfilled', 'breached')
    group by process_id, regime_id, target_group, rule_id, version
)

select
    {{ municipality_id() }} as municipality_id,
    outcomes.process_id,
    outcomes.regime_id,
    outcomes.target_group,
    outcomes.rule_id,
    outcomes.version as rule_version,
    rules.title_da as rule_title_da,
    rules.title_en as rule_title_en,
    outcomes.kind,
    outcomes.outcome,
    outcomes.n_cases,
    outcomes.n_citizens,
    judged.n_judged_cases,
    judged.n_judged_citizens,
    outcomes.n_cases / judged.n_judged_cases as share_of_judged,
    rules.legal_basis_url,
    rules.certainty
from outcomes
left join judged
    on
        outcomes.outcome in ('fulfilled', 'breached')
        and outcomes.process_id = judged.process_id
        and outcomes.regime_id is not distinct from judged.regime_id
        and outcomes.target_group is not distinct from judged.target_group
        and outcomes.rule_id = judged.rule_id
        and outcomes.version = judged.version
left join rules
    on
        outcomes.rule_id = rules.rule_id
        and outcomes.version = rules.version
        and outcomes.regime_id = rules.regime_id
