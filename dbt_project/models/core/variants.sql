-- The path is read from one example case per variant; the counts come from the cases alone.
with walked as (
    select * from {{ ref('cases') }}
    where n_events > 0
),

counted as (
    select
        process_id,
        regime_id,
        variant_id,
        min(case_id) as example_case_id,
        count(*) as n_cases,
        count(distinct citizen_id) as n_citizens,
        any_value(n_events) as n_events
    from walked
    group by process_id, regime_id, variant_id
),

paths as (
    select
        counted.process_id,
        counted.regime_id,
        counted.variant_id,
        list(event_log.activity_id order by event_log.event_number) as activities
    from counted
    inner join {{ ref('event_log') }} as event_log
        on
            counted.process_id = event_log.process_id
            and counted.example_case_id = event_log.case_id
    group by counted.process_id, counted.regime_id, counted.variant_id
)

select
    counted.process_id,
    counted.regime_id,
    counted.variant_id,
    paths.activities,
    counted.n_events,
    counted.n_cases,
    counted.n_citizens
from counted
inner join paths
    on
        counted.process_id = paths.process_id
        and counted.regime_id is not distinct from paths.regime_id
        and counted.variant_id = paths.variant_id
