-- Who is compared: one row per comparison, side and case that was followed for the days asked. Out of it are,
-- counted in comparison_sides:
-- cases too young to have been followed, for a younger side would look as if less happened in it;
-- citizens with a case on both sides, whole: the sides are compared as if of different people, and who is on
-- both would be compared with themselves;
-- of a side of very many, all but `comparison_citizens` citizens, drawn by the hash of their id.
-- `left_out` says why a case is not compared, and is empty where it is.
with candidates as (
    select
        asked.comparison_id,
        asked.side,
        asked.follow_up_days,
        cases.case_number,
        cases.citizen_number,
        cases.citizen_id,
        cases.registered_on,
        cases.registered_on + asked.follow_up_days as followed_until_on,
        cases.ended_on,
        coalesce(cases.registered_on + asked.follow_up_days <= as_of.as_of_on, false) as is_followed
    from {{ ref('comparison_asked') }} as asked
    inner join {{ ref('filter_cases') }} as filter_cases on asked.filter_number = filter_cases.filter_number
    inner join {{ ref('cases') }} as cases on filter_cases.case_number = cases.case_number
    cross join {{ ref('int_as_of') }} as as_of
),

citizens as (
    select
        comparison_id,
        citizen_number,
        min(side) as side,
        min(side) <> max(side) as is_on_both_sides,
        hash(any_value(citizen_id)) as draw
    from candidates
    where is_followed
    group by comparison_id, citizen_number
),

drawn as (
    select
        comparison_id,
        citizen_number,
        is_on_both_sides,
        row_number() over (
            partition by comparison_id, side, is_on_both_sides order by draw, citizen_number
        ) <= {{ limit('comparison_citizens') }} as is_drawn
    from citizens
)

select
    candidates.comparison_id,
    candidates.side,
    candidates.case_number,
    candidates.citizen_number,
    candidates.registered_on,
    candidates.followed_until_on,
    candidates.follow_up_days,
    candidates.ended_on,
    coalesce(candidates.ended_on < candidates.followed_until_on, false) as is_ended_in_time,
    case
        when not candidates.is_followed then 'too_young'
        when drawn.is_on_both_sides then 'on_both_sides'
        when not drawn.is_drawn then 'not_drawn'
    end as left_out
from candidates
left join drawn
    on
        candidates.comparison_id = drawn.comparison_id
        and candidates.citizen_number = drawn.citizen_number
