{{ config(materialized='ephemeral') }}
-- The acts that are compared around the changes of which something is told, each with its citizen and its
-- side of the change: in the very weeks, of the very system and on the very axis of the comparison, so that
-- no citizen is counted behind a figure who has no part in it.
with places as (
    select distinct
        process_id,
        system_id,
        changed_on,
        axis,
        case when axis = 'delivery' then change_id end as delivery_id
    from {{ source('quality_results', 'change_comparisons') }}
    where verdict = 'changed' or is_touched or item = 'all'
),

-- the week in which the data end is compared only once it is over
weeks as (
    select
        day_on,
        week_on
    from {{ ref('int_change_days') }}
    qualify week_on < max(week_on) over () or count(*) over (partition by week_on) = 7
),

acts as (
    select
        steps.process_id,
        steps.system_id,
        steps.delivery_id,
        steps.activity_code,
        steps.previous_activity_code,
        steps.responsible_party,
        cases.citizen_id,
        occurred.week_on as occurred_on,
        registered.week_on as registered_on,
        -- of a case that was followed long enough, and in the days in which every case is followed
        case
            when
                cases.registered_on + cast({{ limit('change_case_days') }} as integer) <= as_of.as_of_on
                and steps.occurred_on >= cases.registered_on
                and steps.occurred_on < cases.registered_on + cast({{ limit('change_case_days') }} as integer)
                then begun.week_on
        end as case_start_on
    from {{ ref('int_quality_steps') }} as steps
    inner join {{ ref('cases') }} as cases
        on steps.process_id = cases.process_id and steps.case_id = cases.case_id
    inner join weeks as occurred on steps.occurred_on = occurred.day_on
    inner join weeks as registered
        on
            coalesce(cast(steps.registered_at + interval 2 hour as date), steps.occurred_on)
            = registered.day_on
    left join weeks as begun on cases.registered_on = begun.day_on
    cross join {{ ref('int_as_of') }} as as_of
),

dated as (
    select
        * exclude (occurred_on, registered_on, case_start_on),
        unnest(['occurred', 'registered', 'case_start']) as axis,
        unnest([occurred_on, registered_on, case_start_on]) as week_on
    from acts
),

-- the last weeks of what a delivery tells, and of what the earlier ones told
delivery_weeks as (
    select distinct
        places.*,
        weeks.delivery_id = places.delivery_id as is_after,
        weeks.occurred_week_on as week_on
    from places
    inner join {{ ref('event_weeks') }} as weeks
        on places.process_id = weeks.process_id and places.system_id = weeks.system_id
    where places.axis = 'delivery' and weeks.occurred_week_on < places.changed_on
    qualify
        dense_rank() over (
            partition by
                places.process_id, places.system_id, places.delivery_id,
                weeks.delivery_id = places.delivery_id
            order by weeks.occurred_week_on desc
        ) <= {{ limit('change_window_weeks') }}
)

select
    places.*,
    dated.week_on >= places.changed_on as is_after,
    dated.activity_code,
    dated.previous_activity_code,
    dated.responsible_party,
    dated.citizen_id
from places
inner join dated
    on
        places.process_id = dated.process_id
        and places.axis = dated.axis
        and dated.week_on >= places.changed_on - cast(7 * {{ limit('change_window_weeks') }} as integer)
        and dated.week_on < places.changed_on + cast(7 * {{ limit('change_window_weeks') }} as integer)
where places.system_id is null or places.system_id = dated.system_id

union all by name

select
    weeks.* exclude (week_on),
    acts.activity_code,
    acts.previous_activity_code,
    acts.responsible_party,
    acts.citizen_id
from delivery_weeks as weeks
inner join acts
    on
        weeks.process_id = acts.process_id
        and weeks.system_id = acts.system_id
        and weeks.week_on = acts.occurred_on
        and (weeks.delivery_id = acts.delivery_id) = weeks.is_after
