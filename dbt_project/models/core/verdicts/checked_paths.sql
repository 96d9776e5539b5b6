-- The paths of the processes in which something was judged to be no work, without it: a path so judged is
-- left out whole, an activity so judged is taken out and its neighbours join (A, X, B becomes A, B). A path
-- of which nothing is left is left out.
with artefacts as (
    select
        process_id,
        coalesce(list(activity_codes[1]) filter (where kind = 'activity'), []) as activity_codes
    from {{ ref('standing_verdicts') }}
    where verdict in ('registration_artefact', 'wrong')
    group by process_id
),

left_out as (
    select variant_number
    from {{ ref('verdict_variants') }}
    where kind = 'variant' and verdict in ('registration_artefact', 'wrong')
),

kept as (
    select
        variants.process_id,
        variants.variant_number,
        list_filter(
            variants.activity_codes, lambda code: not list_contains(artefacts.activity_codes, code)
        ) as activity_codes
    from {{ ref('variants') }} as variants
    inner join artefacts on variants.process_id = artefacts.process_id
    where variants.variant_number not in (select variant_number from left_out)
)

select * from kept
where len(activity_codes) > 0
