-- How much of the map of a filter has been judged: per kind and verdict the subjects, how often they occur
-- and in how many cases. `unchecked`: nobody judged it; `checked`: all that somebody did. `n_told_subjects`:
-- those that enough citizens have to be on a published map.
with subjects as (
    select
        filter_number,
        kind,
        verdict,
        count(*) as n_subjects,
        count(*) filter (where n_citizens >= {{ min_group_size() }}) as n_told_subjects
    from {{ ref('filter_subjects') }}
    group by filter_number, kind, verdict
    union all
    select
        filter_number,
        kind,
        'checked' as verdict,
        count(*) as n_subjects,
        count(*) filter (where n_citizens >= {{ min_group_size() }}) as n_told_subjects
    from {{ ref('filter_subjects') }}
    where verdict <> 'unchecked'
    group by filter_number, kind
),

counted as (
    select
        variants.filter_number,
        checks.kind,
        checks.verdict,
        cast(sum(checks.n_times * variants.n_cases) as bigint) as n_occurrences,
        cast(sum(variants.n_cases) as bigint) as n_cases
    from {{ ref('filter_variants') }} as variants
    inner join {{ ref('variant_checks') }} as checks on variants.variant_number = checks.variant_number
    group by variants.filter_number, checks.kind, checks.verdict
),

peopled as (
    select
        people.filter_number,
        checks.kind,
        checks.verdict,
        {{ citizens_behind('people') }} as n_citizens
    from {{ ref('filter_people') }} as people
    inner join {{ ref('variant_checks') }} as checks on people.variant_number = checks.variant_number
    group by people.filter_number, checks.kind, checks.verdict
)

select
    counted.filter_number,
    counted.kind,
    counted.verdict,
    subjects.n_subjects,
    subjects.n_told_subjects,
    counted.n_occurrences,
    counted.n_cases,
    peopled.n_citizens
from counted
inner join subjects
    on
        counted.filter_number = subjects.filter_number
        and counted.kind = subjects.kind
        and counted.verdict = subjects.verdict
inner join peopled
    on
        counted.filter_number = peopled.filter_number
        and counted.kind = peopled.kind
        and counted.verdict = peopled.verdict
