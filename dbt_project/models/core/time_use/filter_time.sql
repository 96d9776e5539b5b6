-- Per filter: acts and time by who acts (`breakdown` resource) and, of what people and citizens do, by what
-- it is worth (`breakdown` value): robots and systems stand apart. Shares are of the breakdown's whole.
with told as (
    select
        'resource' as breakdown,
        case_number,
        {{ resource_type('resource_code') }} as item,
        n_events,
        elapsed_seconds,
        working_seconds
    from {{ ref('case_time') }}
    union all
    select
        'value' as breakdown,
        case_number,
        value_class as item,
        n_events,
        elapsed_seconds,
        working_seconds
    from {{ ref('case_time') }}
    where not {{ is_machine('resource_code') }}
),

-- a case once per item, before it is taken through every filter it is in
per_case as (
    select
        breakdown,
        case_number,
        item,
        sum(n_events) as n_events,
        sum(elapsed_seconds) as elapsed_seconds,
        sum(working_seconds) as working_seconds
    from told
    group by breakdown, case_number, item
),

summed as (
    select
        filter_cases.filter_number,
        per_case.breakdown,
        per_case.item,
        cast(sum(per_case.n_events) as bigint) as n_events,
        sum(per_case.elapsed_seconds) as elapsed_seconds,
        sum(per_case.working_seconds) as working_seconds,
        count(*) as n_cases,
        count(distinct cases.citizen_number) as n_citizens
    from per_case
    inner join {{ ref('filter_cases') }} as filter_cases on per_case.case_number = filter_cases.case_number
    inner join {{ ref('cases') }} as cases on per_case.case_number = cases.case_number
    group by filter_cases.filter_number, per_case.breakdown, per_case.item
)

select
    filter_number,
    breakdown,
    item,
    n_events,
    n_cases,
    n_citizens,
    elapsed_seconds / 86400 as elapsed_days,
    n_events / sum(n_events) over whole as share_of_events,
    elapsed_seconds / nullif(sum(elapsed_seconds) over whole, 0) as share_of_elapsed,
    working_seconds / nullif(sum(working_seconds) over whole, 0) as share_of_working_time
from summed
window whole as (partition by filter_number, breakdown)
