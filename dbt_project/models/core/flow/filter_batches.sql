-- Per filter and activity: what share of its events was done in a batch (see batched_events). Batches are
-- looked for in the whole town: one that lies across filters is in each of them with its own events.
with counted as (
    select
        variants.filter_number,
        steps.activity_code,
        cast(sum(variants.n_cases) as bigint) as n_events
    from {{ ref('filter_variants') }} as variants
    inner join {{ ref('variant_steps') }} as steps on variants.variant_number = steps.variant_number
    group by variants.filter_number, steps.activity_code
),

batched_steps as (
    select
        steps.case_number,
        steps.activity_code,
        batched.batch_size
    from {{ ref('batched_events') }} as batched
    inner join {{ ref('log_steps') }} as steps on batched.event_key = steps.event_key
),

batched as (
    select
        filter_cases.filter_number,
        steps.activity_code,
        count(*) as n_batched_events,
        count(distinct cases.case_number) as n_cases,
        count(distinct cases.citizen_number) as n_citizens,
        avg(steps.batch_size) as mean_batch_size
    from batched_steps as steps
    inner join {{ ref('filter_cases') }} as filter_cases on steps.case_number = filter_cases.case_number
    inner join {{ ref('cases') }} as cases on steps.case_number = cases.case_number
    group by filter_cases.filter_number, steps.activity_code
)

select
    batched.filter_number,
    batched.activity_code,
    counted.n_events,
    batched.n_batched_events,
    batched.n_cases,
    batched.n_citizens,
    batched.n_batched_events / counted.n_events as share_batched,
    batched.mean_batch_size
from batched
inner join counted
    on batched.filter_number = counted.filter_number and batched.activity_code = counted.activity_code
