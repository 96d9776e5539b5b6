-- The days that may be compared, each with the first day of its week. A week is cut where a law or a release
-- falls into it, so that no week lies on both sides of a change. Days far from every change are not here.
with changes as (
    select distinct changed_on from {{ ref('dated_changes') }}
    where kind <> 'delivery'
),

reach as (
    select
        min(changed_on) - cast(7 * {{ limit('change_history_weeks') }} as integer) as first_on,
        max(changed_on) + cast(7 * {{ limit('change_adoption_weeks') }} as integer) as last_on
    from {{ ref('dated_changes') }}
),

days as (
    select
        cast(unnest(generate_series(
            reach.first_on, least(reach.last_on, as_of.as_of_on), interval 1 day
        )) as date) as day_on
    from reach
    cross join {{ ref('int_as_of') }} as as_of
)

select
    days.day_on,
    greatest(
        cast(date_trunc('week', days.day_on) as date),
        -- the last change so far: the start of its week, where it is in this one
        max(changes.changed_on) over (order by days.day_on)
    ) as week_on
from days
left join changes on days.day_on = changes.changed_on
