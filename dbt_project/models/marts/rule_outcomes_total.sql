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

{{ rule_figures(by_month=false) }}
