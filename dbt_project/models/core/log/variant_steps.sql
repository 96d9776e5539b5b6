-- The paths, a row a step: what has no time in it (who follows whom, what is done again, where a case
-- begins and ends) is counted here, from ten to a hundred times fewer rows than the log has.
with steps as (
    select
        slice_number,
        variant_number,
        n_cases,
        unnest(activity_codes) as activity_code,
        unnest(list_concat(activity_codes[2:], [null])) as next_activity_code,
        cast(generate_subscripts(activity_codes, 1) as integer) as step_number
    from {{ ref('variants') }}
)

select * from steps
order by variant_number, step_number
