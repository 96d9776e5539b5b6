-- Which paths meet a condition that speaks of paths: one row per condition and variant. A condition that asks
-- for what a case lacks has here the paths that do have it.
with conditions as (
    select distinct
        process_id,
        field,
        value
    from {{ ref('filter_conditions') }}
    where field in ('activity', 'directly_follows', 'variant_coverage')
),

asked as (
    select
        process_id,
        field,
        value,
        split_part(one, '>', 1) as from_activity_id,
        nullif(split_part(one, '>', 2), '') as to_activity_id
    from (
        select
            *,
            unnest(string_split(value, '|')) as one
        from conditions
        where field <> 'variant_coverage'
    )
),

slices as (
    select distinct
        slice_number,
        process_id
    from {{ ref('variants') }}
),

-- a path that several regimes know is one path; ties by its id, so that the same paths are taken each time
ranked as (
    select
        process_id,
        variant_id,
        sum(n_cases) over usual - n_cases as n_before,
        sum(n_cases) over (partition by process_id) as n_of_process
    from (
        select
            process_id,
            variant_id,
            sum(n_cases) as n_cases
        from {{ ref('variants') }}
        group by process_id, variant_id
    )
    window usual as (
        partition by process_id order by n_cases desc, variant_id asc
        rows between unbounded preceding and current row
    )
)

select distinct
    asked.process_id,
    asked.field,
    asked.value,
    steps.variant_number
from asked
inner join slices on asked.process_id = slices.process_id
inner join {{ ref('activity_codes') }} as origins on asked.from_activity_id = origins.activity_id
left join {{ ref('activity_codes') }} as targets on asked.to_activity_id = targets.activity_id
inner join {{ ref('variant_steps') }} as steps
    on
        slices.slice_number = steps.slice_number
        and origins.activity_code = steps.activity_code
        and (asked.field = 'activity' or targets.activity_code = steps.next_activity_code)
union all
select
    conditions.process_id,
    conditions.field,
    conditions.value,
    variants.variant_number
from conditions
inner join ranked on conditions.process_id = ranked.process_id
inner join {{ ref('variants') }} as variants
    on ranked.process_id = variants.process_id and ranked.variant_id = variants.variant_id
where
    conditions.field = 'variant_coverage'
    and ranked.n_before < cast(conditions.value as double) * ranked.n_of_process
