-- One row per filter and activity of which the log tells when work began and ended. Counts are told in steps:
-- filters lie within one another.
select
    {{ municipality_id() }} as municipality_id,
    filters.process_id,
    filters.filter_id,
    activities.activity_id,
    activities.label_da,
    activities.label_en,
    {{ told_count('times.n_events') }} as n_events,
    {{ told_count('times.n_cases') }} as n_cases,
    {{ told_count('times.n_citizens') }} as n_citizens,
    round(times.mean_service_hours, 1) as mean_service_hours,
    round(times.median_service_hours, 1) as median_service_hours,
    round(times.p90_service_hours, 1) as p90_service_hours,
    {{ told_count('times.n_waits') }} as n_waits,
    cast({{ told_citizens('times.n_wait_citizens') }} as bigint) as n_wait_citizens,
    round(times.mean_waiting_hours, 1) as mean_waiting_hours,
    round(times.median_waiting_hours, 1) as median_waiting_hours,
    -- ten per cent of a group lie beyond: a tenth of few is one
    if(
        times.n_wait_citizens >= 4 * {{ min_group_size() }}, round(times.p90_waiting_hours, 1), null
    ) as p90_waiting_hours
from {{ ref('filter_work_times') }} as times
inner join {{ ref('told_filters') }} as filters on times.filter_number = filters.filter_number
inner join {{ ref('activity_codes') }} as activities on times.activity_code = activities.activity_code
where times.n_citizens >= {{ min_group_size() }}
