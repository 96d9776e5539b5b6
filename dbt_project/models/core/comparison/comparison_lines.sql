-- Per comparison and line: how many cases of each side have it, side by side, and as they are told. The two
-- sums are of the citizens (see comparison_sides): of the squares of their cases that have it, and of those
-- times all their cases.
with sizes as (
    select
        comparison_id,
        side,
        citizen_number,
        count(*) as n_cases
    from {{ ref('comparison_cases') }}
    where left_out is null
    group by comparison_id, side, citizen_number
),

having_it as (
    select
        comparison_id,
        side,
        citizen_number,
        kind,
        from_activity_code,
        to_activity_code,
        count(*) as n_with
    from {{ ref('comparison_marks') }}
    group by comparison_id, side, citizen_number, kind, from_activity_code, to_activity_code
),

counted as (
    select
        having_it.comparison_id,
        having_it.kind,
        having_it.from_activity_code,
        having_it.to_activity_code,
        cast(coalesce(sum(n_with) filter (where having_it.side = 1), 0) as bigint) as n_first,
        count(*) filter (where having_it.side = 1) as n_first_citizens,
        cast(coalesce(sum(n_with * n_with) filter (where having_it.side = 1), 0) as bigint)
            as first_sum_of_squares,
        cast(coalesce(sum(n_with * n_cases) filter (where having_it.side = 1), 0) as bigint)
            as first_sum_of_products,
        cast(coalesce(sum(n_with) filter (where having_it.side = 2), 0) as bigint) as n_second,
        count(*) filter (where having_it.side = 2) as n_second_citizens,
        cast(coalesce(sum(n_with * n_with) filter (where having_it.side = 2), 0) as bigint)
            as second_sum_of_squares,
        cast(coalesce(sum(n_with * n_cases) filter (where having_it.side = 2), 0) as bigint)
            as second_sum_of_products
    from having_it
    inner join sizes
        on
            having_it.comparison_id = sizes.comparison_id
            and having_it.side = sizes.side
            and having_it.citizen_number = sizes.citizen_number
    group by
        having_it.comparison_id, having_it.kind, having_it.from_activity_code, having_it.to_activity_code
)

select
    *,
    {{ told_count('n_first') }} as n_first_told,
    {{ told_count('n_second') }} as n_second_told
from counted
