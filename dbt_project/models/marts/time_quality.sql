-- What is odd about the times of events: one row per process, regime, system, family of activities,
-- quarter and flag that occurs there.
with logged as (
    select
        event_log.process_id,
        cases.regime_id,
        event_log.case_id,
        cases.citizen_id,
        event_log.event_id,
        events.system_id,
        activities.family,
        cast(date_trunc('quarter', event_log.occurred_on) as date) as quarter_on
    from {{ ref('event_log') }} as event_log
    inner join {{ ref('events') }} as events on event_log.event_id = events.event_id
    inner join {{ ref('cases') }} as cases
        on event_log.process_id = cases.process_id and event_log.case_id = cases.case_id
    inner join {{ ref('activity_codes') }} as activities
        on event_log.activity_id = activities.activity_id
),

groups as (
    select
        process_id,
        regime_id,
        system_id,
        family,
        quarter_on,
        count(*) as n_events,
        count(distinct case_id) as n_cases,
        count(distinct citizen_id) as n_citizens
    from logged
    group by process_id, regime_id, system_id, family, quarter_on
),

flagged as (
    select
        logged.process_id,
        logged.regime_id,
        logged.system_id,
        logged.family,
        logged.quarter_on,
        flags.flag,
        count(*) as n_flagged,
        count(distinct logged.citizen_id) as n_flagged_citizens
    from logged
    inner join {{ ref('event_time_flags') }} as flags on logged.event_id = flags.event_id
    group by all
)

select
    {{ municipality_id() }} as municipality_id,
    groups.process_id,
    groups.regime_id,
    groups.system_id,
    groups.family,
    groups.quarter_on,
    flagged.flag,
    groups.n_events,
    groups.n_cases,
    groups.n_citizens,
    flagged.n_flagged,
    flagged.n_flagged_citizens,
    flagged.n_flagged / groups.n_events as share_flagged
from flagged
inner join groups
    on
        flagged.process_id = groups.process_id
        and flagged.regime_id is not distinct from groups.regime_id
        and flagged.system_id = groups.system_id
        and flagged.family is not distinct from groups.family
        and flagged.quarter_on = groups.quarter_on
