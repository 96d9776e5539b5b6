-- The periods [starts_on, ends_on) of a citizen that bend rules, by the acts that begin and end them: an
-- absence is the citizen's, whichever case it was written on. Begins and ends are walked through day by day
-- with the number of periods that run; a period here is a stretch in which at least one does, so periods that
-- overlap or touch are one. An end that nothing runs before tells of a period nobody saw begin: it is left
-- out. What never ends runs on.
with acts as (
    select distinct
        exemptions.exemption_id,
        coalesce(cases.citizen_id, cases.case_id) as bearer_id,
        event_log.event_id,
        event_log.occurred_on,
        case when event_log.activity_id = exemptions.begins_activity_id then 1 else -1 end as step
    from {{ ref('exemptions') }} as exemptions
    inner join {{ ref('event_log') }} as event_log
        on event_log.activity_id in (exemptions.begins_activity_id, exemptions.ends_activity_id)
    inner join {{ ref('cases') }} as cases
        on event_log.process_id = cases.process_id and event_log.case_id = cases.case_id
),

walked as (
    select
        *,
        sum(step) over so_far as position
    from acts
    window so_far as (
        partition by exemption_id, bearer_id order by occurred_on asc, step desc, event_id asc
        rows between unbounded preceding and current row
    )
),

-- how many run after this act: a walk that an end before any begin does not take below nothing
running as (
    select
        *,
        position - least(0, min(position) over (
            partition by exemption_id, bearer_id order by occurred_on asc, step desc, event_id asc
            rows between unbounded preceding and current row
        )) as n_running
    from walked
),

edges as (
    select
        *,
        coalesce(lag(n_running) over (
            partition by exemption_id, bearer_id order by occurred_on asc, step desc, event_id asc
        ), 0) as n_running_before
    from running
),

periods as (
    select
        exemption_id,
        bearer_id,
        step,
        occurred_on as starts_on,
        -- the last day is inside
        lead(occurred_on) over (
            partition by exemption_id, bearer_id order by occurred_on asc, step desc, event_id asc
        ) + 1 as ends_on
    from edges
    where (n_running_before = 0) <> (n_running = 0)
)

select
    exemption_id,
    bearer_id,
    starts_on,
    ends_on
from periods
where step = 1
