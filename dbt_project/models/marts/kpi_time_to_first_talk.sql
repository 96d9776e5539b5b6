-- One row per process, regime, target group and deadline rule whose required activity is a talk.
-- Judged cases that never had the talk count as infinitely late: leaving them out would make the
-- median look better the more talks are missed.
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
        kind = 'deadline'
        -- a talk that may not come before some months (16-month talk) is no first talk
        and window_from = 0
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
        talk_rules.window_to,
        talk_rules.window_unit,
        talk_rules.legal_basis_url,
        talk_rules.certainty,
        rule_outcomes.outcome in ('fulfilled', 'breached') as is_judged,
        coalesce(cast(rule_outcomes.calendar_days as double), cast('infinity' as double)) as waited_days,
        coalesce(cast(rule_outcomes.counted_days as double), cast('infinity' as double))
            as waited_counted_days,
        coalesce(cast(rule_outcomes.working_days as double), cast('infinity' as double))
            as waited_working_days
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
        any_value(cast(window_to as integer)) as window_to,
        any_value(window_unit) as window_unit,
        any_value(legal_basis_url) as legal_basis_url,
        any_value(certainty) as certainty,
        -- Discrete, because an interpolation towards infinity says nothing.
        quantile_disc(waited_days, [0.5, 0.9]) filter (where is_judged) as days,
        quantile_disc(waited_counted_days, [0.5, 0.9]) filter (where is_judged) as counted_days,
        quantile_disc(waited_working_days, [0.5, 0.9]) filter (where is_judged) as working_days,
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
    cast(
        case window_unit when 'day' then window_to when 'week' then 7 * window_to end as integer
    ) as limit_days,
    window_to as limit_amount,
    window_unit as limit_unit,
    n_judged as n_cases,
    n_judged_citizens as n_citizens,
    nullif(days[1], cast('infinity' as double)) as median_days,
    nullif(days[2], cast('infinity' as double)) as p90_days,
    nullif(counted_days[1], cast('infinity' as double)) as median_counted_days,
    nullif(counted_days[2], cast('infinity' as double)) as p90_counted_days,
    nullif(working_days[1], cast('infinity' as double)) as median_working_days,
    nullif(working_days[2], cast('infinity' as double)) as p90_working_days,
    n_fulfilled as n_within_limit,
    n_fulfilled_citizens as n_within_limit_citizens,
    n_fulfilled / nullif(n_judged, 0) as share_within_limit,
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
