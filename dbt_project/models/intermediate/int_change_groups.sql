{{ config(materialized='ephemeral') }}
-- How many citizens stand behind each comparison that is told, before and after its day: those with the
-- item, and those with what it is a share of. Counted of the told ones alone, as it is the dearest count.
with told as (
    select distinct
        process_id,
        changed_on,
        axis,
        measure,
        item,
        case measure
            when 'pair_share' then split_part(item, ' > ', 2)
            when 'party_share' then split_part(item, ': ', 1)
            else item
        end as activity_id,
        case when measure = 'pair_share' then split_part(item, ' > ', 1) end as previous_id,
        case when measure = 'party_share' then split_part(item, ': ', 2) end as party
    from {{ source('quality_results', 'change_comparisons') }}
    where verdict = 'changed' or is_touched or item = 'all'
),

reach as (
    select cast(7 * {{ limit('change_window_weeks') }} as integer) as n_days
),

days as (
    select distinct
        process_id,
        changed_on
    from told
),

-- one row per citizen, side and act of the log near a change of the process
near as (
    select
        days.process_id,
        days.changed_on,
        steps.occurred_on >= days.changed_on as is_after,
        steps.activity_code,
        steps.previous_activity_code,
        steps.responsible_party,
        cases.registered_on >= days.changed_on as is_begun_after,
        abs(date_diff('day', days.changed_on, cases.registered_on)) <= reach.n_days as is_begun_near,
        cases.citizen_id
    from days
    cross join reach
    inner join {{ ref('int_quality_steps') }} as steps
        on
            days.process_id = steps.process_id
            and steps.occurred_on >= days.changed_on - reach.n_days
            and steps.occurred_on < days.changed_on + reach.n_days
    inner join {{ ref('cases') }} as cases
        on steps.process_id = cases.process_id and steps.case_id = cases.case_id
),

wholes as (
    select
        process_id,
        changed_on,
        count(distinct citizen_id) filter (where not is_after) as n_before,
        count(distinct citizen_id) filter (where is_after) as n_after,
        count(distinct citizen_id) filter (where is_begun_near and not is_begun_after) as n_begun_before,
        count(distinct citizen_id) filter (where is_begun_near and is_begun_after) as n_begun_after
    from near
    group by process_id, changed_on
),

-- the acts near a change that are of the activity of an item, and whether each is the item itself
items as (
    select
        told.process_id,
        told.changed_on,
        told.axis,
        told.measure,
        told.item,
        near.citizen_id,
        case when told.axis = 'case_start' then near.is_begun_after else near.is_after end as is_late,
        (told.previous_id is null or earlier.activity_id = told.previous_id)
        and (told.party is null or near.responsible_party = told.party) as is_item
    from told
    inner join {{ ref('activity_codes') }} as activities on told.activity_id = activities.activity_id
    inner join near
        on
            told.process_id = near.process_id
            and told.changed_on = near.changed_on
            and activities.activity_code = near.activity_code
            and (told.axis <> 'case_start' or near.is_begun_near)
    left join {{ ref('activity_codes') }} as earlier
        on near.previous_activity_code = earlier.activity_code
),

counted as (
    select
        process_id,
        changed_on,
        axis,
        measure,
        item,
        count(distinct citizen_id) filter (where is_item and not is_late) as n_before,
        count(distinct citizen_id) filter (where is_item and is_late) as n_after,
        count(distinct citizen_id) filter (where not is_late) as n_whole_before,
        count(distinct citizen_id) filter (where is_late) as n_whole_after
    from items
    group by process_id, changed_on, axis, measure, item
)

-- of an item that is no activity (a table, a code) the citizens of the process are the group behind it
select
    told.process_id,
    told.changed_on,
    told.axis,
    told.measure,
    told.item,
    case when activities.activity_id is null then wholes.n_before else coalesce(counted.n_before, 0) end
        as n_before,
    case when activities.activity_id is null then wholes.n_after else coalesce(counted.n_after, 0) end
        as n_after,
    case
        when told.measure in ('pair_share', 'party_share') then counted.n_whole_before
        when told.axis = 'case_start' then wholes.n_begun_before
        else wholes.n_before
    end as n_whole_before,
    case
        when told.measure in ('pair_share', 'party_share') then counted.n_whole_after
        when told.axis = 'case_start' then wholes.n_begun_after
        else wholes.n_after
    end as n_whole_after
from told
left join {{ ref('activity_codes') }} as activities on told.activity_id = activities.activity_id
left join wholes on told.process_id = wholes.process_id and told.changed_on = wholes.changed_on
left join counted
    on
        told.process_id = counted.process_id
        and told.changed_on = counted.changed_on
        and told.axis = counted.axis
        and told.measure = counted.measure
        and told.item = counted.item
