-- Per process, unit that may be told of, and month: what its people did, what robots and systems did in its
-- name, and in how many cases. Acts of citizens are not the unit's work.
with acts as (
    select
        steps.case_number,
        units.org_unit_id,
        units.n_staff,
        steps.occurred_on,
        events.resource_type in ('robot', 'system') as is_machine
    from {{ ref('log_steps') }} as steps
    inner join {{ ref('events') }} as events on steps.event_key = events.event_key
    inner join {{ ref('told_units') }} as units
        on
            events.org_unit_id = units.org_unit_id
            and {{ valid_at('steps.occurred_on', 'units.valid_from', 'units.valid_to') }}
    where coalesce(events.resource_type, '') <> 'citizen'
)

select
    cases.process_id,
    acts.org_unit_id,
    cast(date_trunc('month', acts.occurred_on) as date) as month_on,
    -- as large as it was at the last act of the month
    arg_max(acts.n_staff, acts.occurred_on) as n_staff,
    count(*) filter (where not coalesce(acts.is_machine, false)) as n_events,
    count(*) filter (where acts.is_machine) as n_machine_events,
    count(distinct acts.case_number) filter (where not coalesce(acts.is_machine, false)) as n_cases,
    count(distinct cases.citizen_number) filter (where not coalesce(acts.is_machine, false)) as n_citizens,
    count(distinct cases.citizen_number) filter (where acts.is_machine) as n_machine_citizens
from acts
inner join {{ ref('cases') }} as cases on acts.case_number = cases.case_number
group by cases.process_id, acts.org_unit_id, date_trunc('month', acts.occurred_on)
