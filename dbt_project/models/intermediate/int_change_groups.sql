{{ config(materialized='ephemeral') }}
-- How many citizens stand behind each comparison that is told, before and after its day: those with the
-- item, and those with what it is a share of. Counted of the told ones alone, as it is the dearest count.
with told as (
    select distinct
        process_id,
        system_id,
        changed_on,
        axis,
        case when axis = 'delivery' then change_id end as delivery_id,
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

acts as (
    select * from {{ ref('int_change_acts') }}
),

wholes as (
    select
        process_id,
        system_id,
        changed_on,
        axis,
        delivery_id,
        count(distinct citizen_id) filter (where not is_after) as n_before,
        count(distinct citizen_id) filter (where is_after) as n_after
    from acts
    group by process_id, system_id, changed_on, axis, delivery_id
),

-- What fewer than the minimum group can have told at most: a part of the rows of a table is of enough people
-- where it is more than that.
busiest as (
    select
        process_id,
        system_id,
        changed_on,
        axis,
        delivery_id,
        cast(coalesce(sum(n_acts) filter (where not is_after), 0) as bigint) as n_before,
        cast(coalesce(sum(n_acts) filter (where is_after), 0) as bigint) as n_after
    from (
        select
            process_id,
            system_id,
            changed_on,
            axis,
            delivery_id,
            is_after,
            citizen_id,
            count(*) as n_acts
        from acts
        group by process_id, system_id, changed_on, axis, delivery_id, is_after, citizen_id
        qualify
            row_number() over (
                partition by process_id, system_id, changed_on, axis, delivery_id, is_after
                order by n_acts desc, citizen_id asc
            ) < {{ min_group_size() }}
    )
    group by process_id, system_id, changed_on, axis, delivery_id
),

-- the acts of the activity of an item, and whether each is the item itself
items as (
    select
        told.* exclude (activity_id, previous_id, party),
        acts.citizen_id,
        acts.is_after,
        (told.previous_id is null or coalesce(earlier.activity_id = told.previous_id, false))
        and (told.party is null or coalesce(acts.responsible_party = told.party, false)) as is_item
    from told
    inner join {{ ref('activity_codes') }} as activities on told.activity_id = activities.activity_id
    inner join acts
        on
            told.process_id = acts.process_id
            and told.system_id is not distinct from acts.system_id
            and told.changed_on = acts.changed_on
            and told.axis = acts.axis
            and told.delivery_id is not distinct from acts.delivery_id
            and activities.activity_code = acts.activity_code
    left join {{ ref('activity_codes') }} as earlier
        on acts.previous_activity_code = earlier.activity_code
),

counted as (
    select
        * exclude (citizen_id, is_after, is_item),
        count(distinct citizen_id) filter (where is_item and not is_after) as n_before,
        count(distinct citizen_id) filter (where is_item and is_after) as n_after,
        count(distinct citizen_id) filter (where not is_after) as n_whole_before,
        count(distinct citizen_id) filter (where is_after) as n_whole_after
    from items
    group by all
)

-- of an item that is no activity (a table, a code) the citizens of the process are the group behind it
select
    told.process_id,
    told.system_id,
    told.changed_on,
    told.axis,
    told.delivery_id,
    told.measure,
    told.item,
    case when activities.activity_id is null then wholes.n_before else coalesce(counted.n_before, 0) end
        as n_before,
    case when activities.activity_id is null then wholes.n_after else coalesce(counted.n_after, 0) end
        as n_after,
    if(told.measure in ('pair_share', 'party_share'), counted.n_whole_before, wholes.n_before)
        as n_whole_before,
    if(told.measure in ('pair_share', 'party_share'), counted.n_whole_after, wholes.n_after)
        as n_whole_after,
    busiest.n_before as n_acts_of_few_before,
    busiest.n_after as n_acts_of_few_after
from told
left join {{ ref('activity_codes') }} as activities on told.activity_id = activities.activity_id
left join wholes
    on
        told.process_id = wholes.process_id
        and told.system_id is not distinct from wholes.system_id
        and told.changed_on = wholes.changed_on
        and told.axis = wholes.axis
        and told.delivery_id is not distinct from wholes.delivery_id
left join counted
    on
        told.process_id = counted.process_id
        and told.system_id is not distinct from counted.system_id
        and told.changed_on = counted.changed_on
        and told.axis = counted.axis
        and told.delivery_id is not distinct from counted.delivery_id
        and told.measure = counted.measure
        and told.item = counted.item
left join busiest
    on
        told.process_id = busiest.process_id
        and told.system_id is not distinct from busiest.system_id
        and told.changed_on = busiest.changed_on
        and told.axis = busiest.axis
        and told.delivery_id is not distinct from busiest.delivery_id
