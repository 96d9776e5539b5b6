{{ config(materialized='view') }}
-- Every judgement with the month of its cohort: that of the anchor or, where there is none (yet), that of the
-- registration. Days are those to the act that fulfilled the rule: of a precedence the act comes before the
-- anchor, and what is forbidden is fulfilled by no act.
with outcomes as (
    select
        *,
        outcome = 'fulfilled' and kind not in ('precedence', 'forbidden') as has_days
    from {{ ref('rule_outcomes') }}
)

select
    outcomes.process_id,
    outcomes.case_id,
    outcomes.citizen_id,
    outcomes.regime_id,
    outcomes.target_group,
    outcomes.rule_id,
    outcomes.version,
    outcomes.kind,
    outcomes.outcome,
    cast(date_trunc('month', coalesce(outcomes.anchor_on, cases.registered_on)) as date) as cohort_month,
    case when outcomes.has_days then outcomes.calendar_days end as calendar_days,
    case when outcomes.has_days then outcomes.counted_days end as counted_days,
    case when outcomes.has_days then outcomes.working_days end as working_days
from outcomes
inner join {{ ref('cases') }} as cases
    on outcomes.process_id = cases.process_id and outcomes.case_id = cases.case_id
