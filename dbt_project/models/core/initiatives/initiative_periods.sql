-- The series an initiative is judged by: one row per initiative, arm, side of its start and period of
-- `initiative_period_days`, counted from the start. Sums only: of cases nothing leaves this table. What could
-- not be measured of a case is told by its number. `n_new_citizens` counts each citizen once on a side, so
-- that sums over periods are citizens too.
with measured as (
    select * from {{ ref('initiative_values') }}
)

select
    initiative_id,
    arm,
    is_after,
    period_number,
    count(measured) as n_cases,
    count(*) filter (where is_first_of_citizen and measured is not null) as n_new_citizens,
    coalesce(sum(measured), 0) as total,
    coalesce(sum(measured * measured), 0) as total_of_squares,
    count(*) filter (where measured is null) as n_left_out
from measured
group by initiative_id, arm, is_after, period_number
