-- rule_shares over all months. A table of its own: in one table a sum would count everybody twice.
-- A share of a population is met by it or not; nobody in it breaches anything.
with figures as (
    select
        process_id,
        regime_id,
        target_group,
        rule_id,
        version,
        any_value(required_count) as required_count,
        {{ share_counts() }}
    from {{ ref('population_members') }}
    group by process_id, regime_id, target_group, rule_id, version
)

{{ share_figures(by_month=false) }}
