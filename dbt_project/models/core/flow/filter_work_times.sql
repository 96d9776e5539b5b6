-- Per filter and activity: service and waiting time of the events of which beginning and end are told.
select
    filter_cases.filter_number,
    intervals.activity_code,
    count(*) as n_events,
    count(distinct cases.case_number) as n_cases,
    count(distinct cases.citizen_number) as n_citizens,
    avg(intervals.service_seconds) / 3600 as mean_service_hours,
    quantile_cont(intervals.service_seconds, 0.5) / 3600 as median_service_hours,
    quantile_cont(intervals.service_seconds, 0.9) / 3600 as p90_service_hours,
    count(intervals.waiting_seconds) as n_waits,
    count(distinct cases.citizen_number) filter (where intervals.waiting_seconds is not null)
        as n_wait_citizens,
    avg(intervals.waiting_seconds) / 3600 as mean_waiting_hours,
    quantile_cont(intervals.waiting_seconds, 0.5) / 3600 as median_waiting_hours,
    quantile_cont(intervals.waiting_seconds, 0.9) / 3600 as p90_waiting_hours
from {{ ref('work_intervals') }} as intervals
inner join {{ ref('filter_cases') }} as filter_cases on intervals.case_number = filter_cases.case_number
inner join {{ ref('cases') }} as cases on intervals.case_number = cases.case_number
group by filter_cases.filter_number, intervals.activity_code
