-- One row per process, regime and activity: the nodes of the process map.
with event_log as (
    select * from {{ ref('event_log') }}
),

cases as (
    select * from {{ ref('cases') }}
),

activities as (
    select * from {{ ref('activity_codes') }}
),

occurrences as (
    select distinct
        process_id,
        case_id,
        activity_id
    from event_log
),

aggregated as (
    select
        occurrences.process_id,
        cases.regime_id,
        occurrences.activity_id,
        count(*) as n_cases,
        count(distinct cases.citizen_id) as n_citizens
    from occurrences
    inner join cases
        on occurrences.process_id = cases.process_id and occurrences.case_id = cases.case_id
    group by occurrences.process_id, cases.regime_id, occurrences.activity_id
)

select
    {{ municipality_id() }} as municipality_id,
    aggregated.process_id,
    aggregated.regime_id,
    aggregated.activity_id,
    coalesce(activities.label_da, aggregated.activity_id) as label_da,
    coalesce(activities.label_en, aggregated.activity_id) as label_en,
    activities.family,
    aggregated.n_cases,
    aggregated.n_citizens
from aggregated
left join activities on aggregated.activity_id = activities.activity_id
