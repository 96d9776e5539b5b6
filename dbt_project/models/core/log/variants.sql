-- The path is read from one example case per variant; the counts come from the cases alone.
with counted as (
    select
        walks.slice_number,
        walks.path_sum,
        walks.path_mix,
        walks.n_events,
        min(walks.case_number) as example_case_number,
        count(*) as n_cases,
        count(distinct notions.citizen_number) as n_citizens
    from {{ ref('case_walks') }} as walks
    inner join {{ ref('int_case_notions') }} as notions on walks.case_number = notions.case_number
    group by walks.slice_number, walks.path_sum, walks.path_mix, walks.n_events
),

paths as (
    select
        case_number,
        list(activity_code order by event_number) as activity_codes
    from {{ ref('log_steps') }}
    where case_number in (select example_case_number from counted)
    group by case_number
),

slices as (
    select
        slice_number,
        any_value(process_id) as process_id,
        any_value(regime_id) as regime_id
    from {{ ref('int_case_notions') }}
    group by slice_number
),

names as (
    select list(activity_id order by activity_code) as activity_ids from {{ ref('activity_codes') }}
)

select
    slices.process_id,
    slices.regime_id,
    counted.slice_number,
    md5(concat_ws('|', counted.path_sum, counted.path_mix, counted.n_events)) as variant_id,
    -- stands for the id wherever rows are counted by variant; means nothing outside this build
    cast(
        row_number() over (
            order by counted.slice_number, counted.path_sum, counted.path_mix, counted.n_events
        ) as integer
    ) as variant_number,
    list_select(names.activity_ids, paths.activity_codes) as activities,
    paths.activity_codes,
    counted.path_sum,
    counted.path_mix,
    counted.n_events,
    counted.n_events - len(list_distinct(paths.activity_codes)) as n_repeated_events,
    counted.n_cases,
    counted.n_citizens
from counted
inner join paths on counted.example_case_number = paths.case_number
inner join slices on counted.slice_number = slices.slice_number
cross join names
