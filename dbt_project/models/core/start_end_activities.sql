with ends as (
    select
        event_log.process_id,
        cases.regime_id,
        cases.citizen_id,
        event_log.case_id,
        event_log.activity_id,
        event_log.event_number = 1 as is_start,
        event_log.event_number = cases.n_events as is_end
    from {{ ref('event_log') }} as event_log
    inner join {{ ref('cases') }} as cases
        on event_log.process_id = cases.process_id and event_log.case_id = cases.case_id
    where event_log.event_number = 1 or event_log.event_number = cases.n_events
)

select
    process_id,
    regime_id,
    'start' as kind,
    activity_id,
    count(*) as n_cases,
    count(distinct citizen_id) as n_citizens
from ends
where is_start
group by all
union all by name
select
    process_id,
    regime_id,
    'end' as kind,
    activity_id,
    count(*) as n_cases,
    count(distinct citizen_id) as n_citizens
from ends
where is_end
group by all
