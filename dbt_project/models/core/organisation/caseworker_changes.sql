-- Each recorded change of primary caseworker, and why it is not counted, where it is not: a robot or a system
-- made it, or the organisation changed on that day and the case went along.
select
    steps.case_number,
    events.event_id,
    steps.occurred_on,
    case
        when events.resource_type in ('robot', 'system') then 'robot'
        when exists (
            select 1 from {{ ref('reorganisations') }} as changes
            where
                changes.municipality_id = {{ municipality_id() }}
                and {{ valid_at('steps.occurred_on', 'changes.starts_on', 'changes.ends_on') }}
                and (
                    changes.org_units is null
                    or list_contains(string_split(changes.org_units, '|'), events.org_unit_id)
                )
        ) then 'reorganisation'
    end as not_counted_because
from {{ ref('log_steps') }} as steps
inner join {{ ref('activity_codes') }} as activities
    on steps.activity_code = activities.activity_code and activities.family = 'caseworker_change'
inner join {{ ref('events') }} as events on steps.event_key = events.event_key
