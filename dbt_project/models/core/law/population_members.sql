{{ config(materialized='view') }}
-- Who is counted how under a rule that asks for a share of a cohort: a place in a count, no verdict on
-- anybody. Whose window is still open is pending even if the number is reached already, and who left before
-- its end is not in the cohort even if it was reached: otherwise those who are quick, and those who leave,
-- would flatter the share.
select
    process_id,
    regime_id,
    rule_id,
    version,
    target_group,
    case_id,
    citizen_id,
    share_required,
    required_count,
    cast(date_trunc('month', coalesce(anchor_on, registered_on)) as date) as cohort_month,
    case
        when is_fund_missing or clock <> 'calendar' or anchor_on is null then 'not_computable'
        when is_closed_before_due or is_opened_after_due then 'closed_before_due'
        when is_window_open then 'pending'
        when counted >= required_count then 'reached'
        when exemption_id is not null then 'exempt'
        when is_never_opened or counted + counted_by_unknown >= required_count then 'not_computable'
        else 'not_reached'
    end as state
from {{ ref('rule_counts') }}
where kind = 'population_share'
