-- How long after an act somebody wrote it down: one row per process, regime, system, activity and
-- quarter of the act. Population: events of which both times are known. Late is more than 30 days, as
-- in the quality facts.
with registered as (
    select
        event_log.process_id,
        cases.regime_id,
        event_log.case_id,
        cases.citizen_id,
        events.system_id,
        event_log.activity_id,
        cast(date_trunc('quarter', event_log.occurred_on) as date) as quarter_on,
        events.registration_lag_days as lag_days,
        events.registration_lag_days > 30 as is_late
    from {{ ref('event_log') }} as event_log
    inner join {{ ref('events') }} as events on event_log.event_id = events.event_id
    inner join {{ ref('cases') }} as cases
        on event_log.process_id = cases.process_id and event_log.case_id = cases.case_id
    where events.registration_lag_days is not null
),

aggregated as (
    select
        process_id,
        regime_id,
        system_id,
        activity_id,
        quarter_on,
        count(*) as n_events,
        count(distinct case_id) as n_cases,
        count(distinct citizen_id) as n_citizens,
        quantile_cont(lag_days, [0.5, 0.9]) as quantiles,
        count(*) filter (where is_late) as n_late,
        count(distinct citizen_id) filter (where is_late) as n_late_citizens
    from registered
    group by process_id, regime_id, system_id, activity_id, quarter_on
)

select
    {{ municipality_id() }} as municipality_id,
    aggregated.process_id,
    aggregated.regime_id,
    aggregated.system_id,
    aggregated.activity_id,
    activities.label_da,
    activities.label_en,
    aggregated.quarter_on,
    aggregated.n_events,
    aggregated.n_cases,
    aggregated.n_citizens,
    aggregated.quantiles[1] as median_days,
    aggregated.quantiles[2] as p90_days,
    aggregated.n_late,
    aggregated.n_late_citizens,
    aggregated.n_late / aggregated.n_events as share_late
from aggregated
inner join {{ ref('activity_codes') }} as activities on aggregated.activity_id = activities.activity_id
