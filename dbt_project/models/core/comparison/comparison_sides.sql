-- How large each side is, and who was left out of it. `sum_of_squares`: of the cases of each citizen, as
-- several cases of one citizen tell less than cases of as many.
with citizens as (
    select
        comparison_id,
        side,
        citizen_number,
        count(*) as n_cases
    from {{ ref('comparison_cases') }}
    where left_out is null
    group by comparison_id, side, citizen_number
),

compared as (
    select
        comparison_id,
        side,
        cast(sum(n_cases) as bigint) as n_cases,
        count(*) as n_citizens,
        cast(sum(n_cases * n_cases) as bigint) as sum_of_squares
    from citizens
    group by comparison_id, side
),

others as (
    select
        comparison_id,
        side,
        count(*) filter (where left_out = 'too_young') as n_too_young,
        count(*) filter (where left_out = 'on_both_sides') as n_on_both_sides,
        count(distinct citizen_number) filter (where left_out = 'on_both_sides')
            as n_citizens_on_both_sides,
        count(*) filter (where left_out = 'not_drawn') as n_not_drawn
    from {{ ref('comparison_cases') }}
    group by comparison_id, side
)

select
    asked.comparison_id,
    asked.side,
    asked.filter_id,
    asked.sentence_da,
    asked.sentence_en,
    asked.process_id,
    asked.filter_number is not null as is_known,
    -- of a unit nothing is published (told_filters)
    told.filter_id is not null as is_told,
    asked.follow_up_days,
    coalesce(compared.n_cases, 0) as n_cases,
    coalesce(compared.n_citizens, 0) as n_citizens,
    coalesce(compared.sum_of_squares, 0) as sum_of_squares,
    coalesce(others.n_too_young, 0) as n_too_young,
    coalesce(others.n_on_both_sides, 0) as n_on_both_sides,
    coalesce(others.n_citizens_on_both_sides, 0) as n_citizens_on_both_sides,
    coalesce(others.n_not_drawn, 0) as n_not_drawn,
    {{ told_count('coalesce(compared.n_cases, 0)') }} as n_cases_told,
    {{ told_or_few('coalesce(others.n_too_young, 0)') }} as n_too_young_told,
    {{ told_or_few('coalesce(others.n_on_both_sides, 0)') }} as n_on_both_sides_told
from {{ ref('comparison_asked') }} as asked
left join compared on asked.comparison_id = compared.comparison_id and asked.side = compared.side
left join others on asked.comparison_id = others.comparison_id and asked.side = others.side
left join {{ ref('told_filters') }} as told on asked.filter_number = told.filter_number
