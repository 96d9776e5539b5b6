-- One row per process, regime, target group, rule version and cohort: the month of the anchor.
with figures as (
    select
        process_id,
        regime_id,
        target_group,
        rule_id,
        version,
        kind,
        cohort_month,
        {{ outcome_counts() }},
        median(calendar_days) as median_calendar_days,
        median(counted_days) as median_counted_days,
        median(working_days) as median_working_days
    from {{ ref('rule_cohorts') }}
    group by process_id, regime_id, target_group, rule_id, version, kind, cohort_month
)

{{ rule_figures(by_month=true) }}
