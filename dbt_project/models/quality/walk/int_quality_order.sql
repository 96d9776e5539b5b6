-- What nearly always comes first: pairs of activities of a process where the earlier one stands before the
-- later one in nearly all cases that have the later one. Only acts that come once in a case can be out of
-- place for sure, so the earlier one is seldom told twice. A sample of cases says it as well as all of
-- them: of 5,000 cases a share of 95 % is known to within 0.6 of a percent.
with sampled as (
    select
        process_id,
        case_id
    from {{ ref('cases') }}
    where n_events > 1
    qualify
        row_number() over (partition by process_id order by hash(case_id))
        <= {{ limit('usual_order_cases') }}
),

places as (
    select
        steps.process_id,
        steps.case_id,
        steps.activity_code,
        min(steps.event_number) as first_number,
        count(*) as n
    from {{ ref('int_quality_steps') }} as steps
    inner join sampled
        on steps.process_id = sampled.process_id and steps.case_id = sampled.case_id
    group by steps.process_id, steps.case_id, steps.activity_code
),

activities as (
    select
        process_id,
        activity_code,
        count(*) as n_cases,
        count(*) filter (where n > 1) as n_cases_repeated
    from places
    group by process_id, activity_code
)

select
    later.process_id,
    earlier.activity_code as earlier_code,
    later.activity_code as later_code,
    count(*) as n_cases
from places as later
inner join places as earlier
    on later.process_id = earlier.process_id and later.case_id = earlier.case_id
inner join activities as of_earlier
    on
        earlier.process_id = of_earlier.process_id
        and earlier.activity_code = of_earlier.activity_code
inner join activities as of_later
    on later.process_id = of_later.process_id and later.activity_code = of_later.activity_code
where
    earlier.first_number < later.first_number
    and 100.0 * of_earlier.n_cases_repeated
    <= (100 - {{ limit('usual_order_percent') }}) * of_earlier.n_cases
group by later.process_id, earlier.activity_code, later.activity_code
having
    any_value(of_later.n_cases) >= {{ limit('usual_order_min_cases') }}
    and 100.0 * count(*) >= {{ limit('usual_order_percent') }} * any_value(of_later.n_cases)
