{{ config(materialized='view') }}
-- One row per legal change, mapping of a code that it began or ended, and side: events of the code in the
-- 90 days before the change and in the 90 days from it, as far as data go. The rows that mapped absences are
-- not kept with the events: of those nothing is counted.
with sides as (
    select
        touches.change_id,
        touches.what,
        touches.mapping_id,
        compared.side as compared,
        changes.effective_on + compared.first_day as from_on,
        least(changes.effective_on + compared.first_day + 90, as_of.as_of_on + 1) as to_on
    from {{ ref('int_law_mapping_touches') }} as touches
    inner join {{ ref('legal_changes') }} as changes on touches.change_id = changes.change_id
    inner join {{ ref('activity_mappings') }} as mappings
        on touches.mapping_id = mappings.mapping_id and mappings.source_table <> 'absences'
    cross join (values ('before', -90), ('after', 0)) as compared (side, first_day)
    cross join {{ ref('int_as_of') }} as as_of
    where
        changes.status in ('in_force', 'ended')
        and changes.effective_on + compared.first_day <= as_of.as_of_on
),

counted as (
    select
        sides.change_id,
        sides.mapping_id,
        sides.compared,
        count(distinct events.event_id) as n_events,
        count(distinct citizens.object_id) as n_citizens
    from sides
    inner join {{ ref('events') }} as events
        on
            sides.mapping_id = events.mapping_id
            and sides.from_on <= events.occurred_on
            and sides.to_on > events.occurred_on
    left join {{ ref('event_objects') }} as citizens
        on events.event_id = citizens.event_id and citizens.object_type = 'citizen'
    group by sides.change_id, sides.mapping_id, sides.compared
)

select
    sides.*,
    coalesce(counted.n_events, 0) as n_events,
    coalesce(counted.n_citizens, 0) as n_citizens
from sides
left join counted
    on
        sides.change_id = counted.change_id
        and sides.mapping_id = counted.mapping_id
        and sides.compared = counted.compared
