-- One row per standing verdict: how much of its process it speaks of. Nothing where its subject is not seen
-- (any more): the verdict stands and waits for it.
with wholes as (
    select
        filter_number,
        process_id
    from {{ ref('case_filters') }}
    where kind = 'all'
),

counted as (
    select
        judged.verdict_number,
        cast(sum(judged.n_times * variants.n_cases) as bigint) as n_occurrences,
        cast(sum(variants.n_cases) as bigint) as n_cases
    from {{ ref('verdict_variants') }} as judged
    inner join {{ ref('filter_variants') }} as variants on judged.variant_number = variants.variant_number
    inner join wholes on variants.filter_number = wholes.filter_number
    group by judged.verdict_number
),

peopled as (
    select
        judged.verdict_number,
        {{ citizens_behind('people') }} as n_citizens
    from {{ ref('verdict_variants') }} as judged
    inner join {{ ref('filter_people') }} as people on judged.variant_number = people.variant_number
    inner join wholes on people.filter_number = wholes.filter_number
    group by judged.verdict_number
)

select
    standing.verdict_number,
    wholes.filter_number,
    coalesce(counted.n_occurrences, 0) as n_occurrences,
    coalesce(counted.n_cases, 0) as n_cases,
    coalesce(peopled.n_citizens, 0) as n_citizens
from {{ ref('standing_verdicts') }} as standing
inner join wholes on standing.process_id = wholes.process_id
left join counted on standing.verdict_number = counted.verdict_number
left join peopled on standing.verdict_number = peopled.verdict_number
