-- Where each standing verdict is found: the variants that have its subject, and how often. A path that
-- several regimes know is judged as one, and so is what stands in it.
with slices as (
    select distinct
        slice_number,
        process_id
    from {{ ref('variants') }}
),

judged as (
    select
        slices.slice_number,
        standing.*
    from {{ ref('standing_verdicts') }} as standing
    inner join slices on standing.process_id = slices.process_id
),

found as (
    select
        judged.verdict_number,
        steps.variant_number,
        count(*) as n_times
    from judged
    inner join {{ ref('variant_steps') }} as steps
        on
            judged.slice_number = steps.slice_number
            and judged.activity_codes[1] = steps.activity_code
            and (judged.kind = 'activity' or judged.activity_codes[2] = steps.next_activity_code)
    where judged.kind in ('activity', 'edge')
    group by judged.verdict_number, steps.variant_number
    union all
    select
        judged.verdict_number,
        variants.variant_number,
        1 as n_times
    from judged
    inner join {{ ref('variants') }} as variants
        on judged.slice_number = variants.slice_number and judged.activity_codes = variants.activity_codes
    where judged.kind = 'variant'
)

select
    found.verdict_number,
    standing.kind,
    standing.verdict,
    found.variant_number,
    found.n_times
from found
inner join {{ ref('standing_verdicts') }} as standing on found.verdict_number = standing.verdict_number
