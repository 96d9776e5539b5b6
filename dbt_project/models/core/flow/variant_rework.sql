-- What is done again on each path, in three kinds. An act is one of the first two, or of none:
-- self_loop: the activity directly before it is the same. loop: the same activity stands before it in the
-- case, with something else between (edeaR's self-loops and repetitions: Swennen and others, 2016).
-- return: a loop that goes back: what stands directly before it first came to the case after it did. A loop
-- that is no return goes forward again, over ground already covered. `from_activity_code`: where it came
-- back from.
-- A row without activity is the kind as a whole.
with steps as (
    select
        variant_number,
        step_number,
        activity_code,
        lag(activity_code) over walk as before_activity_code,
        min(step_number) over (partition by variant_number, activity_code) as first_step
    from {{ ref('variant_steps') }}
    window walk as (partition by variant_number order by step_number)
),

again as (
    select
        variant_number,
        activity_code,
        before_activity_code,
        first_step,
        lag(first_step) over (partition by variant_number order by step_number) as before_first_step,
        step_number
    from steps
),

kinds as (
    select
        variant_number,
        if(before_activity_code = activity_code, 'self_loop', 'loop') as kind,
        activity_code,
        cast(null as smallint) as from_activity_code
    from again
    where step_number > first_step
    union all
    select
        variant_number,
        'return' as kind,
        activity_code,
        before_activity_code as from_activity_code
    from again
    where step_number > first_step and before_first_step > first_step
),

shown as (
    select * from kinds
    union all
    select
        variant_number,
        kind,
        null as activity_code,
        null as from_activity_code
    from kinds
)

select
    variant_number,
    kind,
    activity_code,
    from_activity_code,
    count(*) as n_times
from shown
group by variant_number, kind, activity_code, from_activity_code
