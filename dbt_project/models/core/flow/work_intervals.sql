-- Where a log tells when work began and ended: how long each piece took, and how long its case had waited for
-- it. Waiting: from the latest end of anything before it in the case to its beginning, none where
-- they overlap. The first of a case waited for nothing that the log knows. Only cases that have such an
-- event are walked.
with told as (
    select
        steps.case_number,
        steps.event_number,
        steps.activity_code,
        steps.occurred_at,
        if(events.ended_at >= events.started_at, events.started_at, null) as started_at,
        if(events.ended_at >= events.started_at, events.ended_at, null) as ended_at
    from {{ ref('log_steps') }} as steps
    inner join {{ ref('events') }} as events on steps.event_key = events.event_key
    where
        steps.case_number in (
            select marked.case_number
            from {{ ref('log_steps') }} as marked
            inner join {{ ref('events') }} as intervals
                on marked.event_key = intervals.event_key and intervals.started_at is not null
        )
),

walked as (
    select
        case_number,
        activity_code,
        started_at,
        ended_at,
        max(coalesce(ended_at, occurred_at)) over (
            partition by case_number order by event_number rows between unbounded preceding and 1 preceding
        ) as free_at
    from told
)

select
    case_number,
    activity_code,
    epoch(ended_at - started_at) as service_seconds,
    -- greatest() would take nothing known for no wait
    if(free_at is null, null, greatest(epoch(started_at - free_at), 0)) as waiting_seconds
from walked
where started_at is not null
