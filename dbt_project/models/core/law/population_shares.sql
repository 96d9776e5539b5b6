-- Rules that ask for a share of a cohort: counts of the cohort only, never a verdict on a case. One row per
-- rule version, target group and month of the anchor.
select
    process_id,
    regime_id,
    rule_id,
    version,
    target_group,
    cohort_month,
    any_value(share_required) as share_required,
    any_value(required_count) as required_count,
    {{ share_counts() }}
from {{ ref('population_members') }}
group by process_id, regime_id, rule_id, version, target_group, cohort_month
