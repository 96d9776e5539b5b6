-- One row per process, regime and activity: in how many of its cases the activity is done again.
with event_log as (
    select * from {{ ref('event_log') }}
),

cases as (
    select * from {{ ref('cases') }}
),

activities as (
    select * from {{ ref('activity_codes') }}
),

repetitions as (
    select
        process_id,
        case_id,
        activity_id,
        count(*) as n_occurrences
    from event_log
    group by process_id, case_id, activity_id
),

aggregated as (
    select
        repetitions.process_id,
        cases.regime_id,
        repetitions.activity_id,
        count(*) as n_cases,
        count(distinct cases.citizen_id) as n_citizens,
        count(*) filter (where repetitions.n_occurrences > 1) as n_repeated_cases,
        count(distinct cases.citizen_id) filter (where repetitions.n_occurrences > 1)
            as n_repeated_citizens,
        avg(repetitions.n_occurrences) as mean_occurrences
    from repetitions
    inner join cases
        on repetitions.process_id = cases.process_id and repetitions.case_id = cases.case_id
    group by repetitions.process_id, cases.regime_id, repetitions.activity_id
)

select
    {{ municipality_id() }} as municipality_id,
    aggregated.process_id,
    aggregated.regime_id,
    aggregated.activity_id,
    coalesce(activities.label_da, aggregated.activity_id) as label_da,
    coalesce(activities.label_en, aggregated.activity_id) as label_en,
    aggregated.n_cases,
    aggregated.n_citizens,
    aggregated.n_repeated_cases,
    aggregated.n_repeated_citizens,
    aggregated.n_repeated_cases / aggregated.n_cases as share_repeated,
    aggregated.mean_occurrences
from aggregated
left join activities on aggregated.activity_id = activities.activity_id
