-- Each time a case changes hands, and how long it lay between them. Between kinds of actor
-- (`between_whom` resource): from a person to a robot, from a citizen to a person, one act directly after
-- the other. Between units (`between_whom` unit): what people of one unit did, and the next that people of
-- another did; acts between them that no person of a unit did are part of the wait.
with kinds as (
    select
        case_number,
        'resource' as between_whom,
        {{ resource_type('resource_code') }} as given_by,
        {{ resource_type('next_resource_code') }} as taken_by,
        occurred_on as given_on,
        next_on as taken_on,
        elapsed_seconds,
        working_seconds
    from {{ ref('log_steps') }}
    where resource_code <> next_resource_code and resource_code > 0 and next_resource_code > 0
),

-- only a case that had several units is walked
clocked as (
    select
        steps.case_number,
        steps.event_number,
        steps.event_key,
        steps.resource_code,
        steps.occurred_on,
        -- seconds of the case until this act
        coalesce(sum(steps.elapsed_seconds) over before_it, 0) as elapsed_clock,
        -- unknown from the first wait on of which no working time is known
        if(
            count(*) over before_it = count(steps.working_seconds) over before_it,
            coalesce(sum(steps.working_seconds) over before_it, 0), null
        ) as working_clock
    from {{ ref('log_steps') }} as steps
    inner join {{ ref('case_units') }} as units on steps.case_number = units.case_number and units.n_units > 1
    window
        before_it as (
            partition by steps.case_number
            order by steps.event_number
            rows between unbounded preceding and 1 preceding
        )
),

stays as (
    select
        clocked.*,
        events.org_unit_id,
        lead(events.org_unit_id) over in_order as next_unit_id,
        lead(clocked.occurred_on) over in_order as next_on,
        lead(clocked.elapsed_clock) over in_order as next_elapsed_clock,
        lead(clocked.working_clock) over in_order as next_working_clock
    from clocked
    inner join {{ ref('events') }} as events on clocked.event_key = events.event_key
    where
        events.org_unit_id is not null
        and not {{ is_machine('clocked.resource_code') }} and clocked.resource_code <> 4
    window in_order as (partition by clocked.case_number order by clocked.event_number)
)

select * from kinds
union all by name
select
    case_number,
    'unit' as between_whom,
    org_unit_id as given_by,
    next_unit_id as taken_by,
    occurred_on as given_on,
    next_on as taken_on,
    next_elapsed_clock - elapsed_clock as elapsed_seconds,
    next_working_clock - working_clock as working_seconds
from stays
where org_unit_id <> next_unit_id
