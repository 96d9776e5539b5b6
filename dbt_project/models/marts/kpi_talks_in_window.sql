-- One row per process, regime, target group and rule that asks for a minimum number of talks.
with rules as (
    select * from {{ ref('rules') }}
),

activities as (
    select * from {{ ref('activity_codes') }}
),

rule_outcomes as (
    select * from {{ ref('rule_outcomes') }}
),

talk_rules as (
    select *
    from rules
    where
        kind = 'min_count'
        and exists (
            select 1
            from activities
            where
                activities.family = 'talk'
                and list_contains(
                    string_split(rules.required_activity_id, '|'), activities.activity_id
                )
        )
),

outcomes as (
    select
        rule_outcomes.*,
        talk_rules.title_da,
        talk_rules.title_en,
        talk_rules.responsible_party,
        talk_rules.min_count,
        talk_rules.window_to,
        talk_rules.window_unit,
        talk_rules.legal_basis_url,
        talk_rules.certainty,
        rule_outcomes.outcome in ('fulfilled', 'breached') as is_judged
    from rule_outcomes
    inner join talk_rules
        on
            rule_outcomes.rule_id = talk_rules.rule_id
            and rule_outcomes.version = talk_rules.version
            and rule_outcomes.regime_id = talk_rules.regime_id
),

aggregated as (
    select
        process_id,
        regime_id,
        target_group,
        rule_id,
        version,
        any_value(title_da) as title_da,
        any_value(title_en) as title_en,
        any_value(responsible_party) as responsible_party,
        any_value(cast(min_count as integer)) as min_count,
        any_value(cast(window_to as integer)) as window_to,
        any_value(window_unit) as window_unit,
        any_value(legal_basis_url) as legal_basis_url,
        any_value(certainty) as certainty,
        avg(counted) filter (where is_judged) as mean_talks,
        median(counted) filter (where is_judged) as median_talks,
        {{ outcome_counts() }}
    from outcomes
    group by process_id, regime_id, target_group, rule_id, version
)

select
    {{ municipality_id() }} as municipality_id,
    process_id,
    regime_id,
    target_group,
    rule_id,
    version as rule_version,
    title_da as rule_title_da,
    title_en as rule_title_en,
    responsible_party,
    min_count as required_talks,
    window_to as window_amount,
    window_unit,
    n_judged as n_cases,
    n_judged_citizens as n_citizens,
    mean_talks,
    cast(median_talks as double) as median_talks,
    n_fulfilled,
    n_fulfilled_citizens,
    n_fulfilled / nullif(n_judged, 0) as share_fulfilled,
    n_pending,
    n_pending_citizens,
    n_exempt,
    n_exempt_citizens,
    n_not_applicable,
    n_not_applicable_citizens,
    n_not_computable,
    n_not_computable_citizens,
    legal_basis_url,
    certainty
from aggregated
