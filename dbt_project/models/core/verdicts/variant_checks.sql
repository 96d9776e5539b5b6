-- How much of each path has been judged, by kind and verdict: `unchecked` is what nobody judged, `checked`
-- all that somebody did, whatever the verdict. What is judged is few, so the unchecked is the rest.
with wholes as (
    select
        variant_number,
        unnest(['activity', 'edge', 'variant']) as kind,
        unnest([n_events, n_events - 1, 1]) as n_times
    from {{ ref('variants') }}
),

judged as (
    select
        variant_number,
        kind,
        verdict,
        cast(sum(n_times) as bigint) as n_times
    from {{ ref('verdict_variants') }}
    group by variant_number, kind, verdict
    union all
    select
        variant_number,
        kind,
        'checked' as verdict,
        cast(sum(n_times) as bigint) as n_times
    from {{ ref('verdict_variants') }}
    group by variant_number, kind
),

rest as (
    select
        wholes.variant_number,
        wholes.kind,
        'unchecked' as verdict,
        wholes.n_times - coalesce(judged.n_times, 0) as n_times
    from wholes
    left join judged
        on
            wholes.variant_number = judged.variant_number
            and wholes.kind = judged.kind
            and judged.verdict = 'checked'
)

select * from judged
union all
select * from rest
where n_times > 0
