-- The time each case waited for its next talk: one row per case, activity and turn. A turn begins with the
-- registration or with a talk, and ends with the next talk ('held') or with the case ('left'), or lasts
-- ('open'). What is looked at are the last whole weeks before the day on which late registration has caught
-- up, of the activities that are talks and of those a row of what_ifs asks about, in processes that had them.
-- Two talks of a day are one. A talk outside its case is no turn and is told apart ('outside').
with spans as (
    select
        -- the Sunday by which the data are whole
        cast(
            date_trunc('week', as_of_on - cast({{ limit('volume_settling_days') }} as integer) + 1) as date
        ) - 1 as until_on,
        7 * cast({{ limit('what_if_weeks') }} as integer) as n_days
    from {{ ref('int_as_of') }}
),

looked_at as (
    select
        until_on,
        until_on - n_days + 1 as from_on
    from spans
),

asked as (
    select
        processes.process_id,
        activities.activity_id,
        activities.activity_code
    from {{ ref('activity_codes') }} as activities
    cross join {{ ref('processes') }} as processes
    where
        activities.family = 'talk'
        or (processes.process_id, activities.activity_id) in (
            select
                what_ifs.process_id,
                what_ifs.activity_id
            from {{ ref('what_ifs') }} as what_ifs
            where coalesce(what_ifs.municipality_id, {{ municipality_id() }}) = {{ municipality_id() }}
        )
),

cases as (
    select
        cases.process_id,
        cases.case_number,
        cases.citizen_number,
        cases.registered_on,
        -- an end before the beginning is none that a queue could see: the case ends as it begins. Of an open
        -- case there is none (greatest() passes over nulls)
        if(cases.ended_on < cases.registered_on, cases.registered_on, cases.ended_on) as ended_on
    from {{ ref('cases') }} as cases
    cross join looked_at
    where
        cases.registered_on <= looked_at.until_on
        and (cases.ended_on is null or greatest(cases.ended_on, cases.registered_on) >= looked_at.from_on)
),

talks as (
    select distinct
        asked.process_id,
        asked.activity_id,
        cases.case_number,
        cases.citizen_number,
        cases.registered_on,
        steps.occurred_on as held_on,
        steps.occurred_on < cases.registered_on or coalesce(steps.occurred_on > cases.ended_on, false)
            as is_outside
    from {{ ref('log_steps') }} as steps
    inner join cases on steps.case_number = cases.case_number
    inner join asked on cases.process_id = asked.process_id and steps.activity_code = asked.activity_code
    cross join looked_at
    where steps.occurred_on <= looked_at.until_on
),

endings as (
    select
        process_id,
        activity_id,
        case_number,
        citizen_number,
        registered_on,
        held_on as until_on,
        'held' as outcome
    from talks
    where not is_outside

    union all

    select
        queues.process_id,
        queues.activity_id,
        cases.case_number,
        cases.citizen_number,
        cases.registered_on,
        if(cases.ended_on <= looked_at.until_on, cases.ended_on, null) as until_on,
        if(cases.ended_on <= looked_at.until_on, 'left', 'open') as outcome
    from cases
    inner join (
        select distinct
            process_id,
            activity_id
        from talks
    ) as queues on cases.process_id = queues.process_id
    cross join looked_at
),

turns as (
    select
        *,
        lag(until_on) over (
            -- a talk of the day on which the case ends was held before it ended
            partition by activity_id, case_number order by until_on nulls last, outcome
        ) as talked_on
    from endings
)

select
    turns.process_id,
    turns.activity_id,
    turns.case_number,
    turns.citizen_number,
    turns.talked_on is null as is_first,
    coalesce(turns.talked_on, turns.registered_on) as begun_on,
    turns.until_on,
    turns.outcome,
    looked_at.from_on as looked_from_on,
    looked_at.until_on as looked_until_on
from turns
cross join looked_at
where turns.until_on is null or turns.until_on >= looked_at.from_on

union all

select
    talks.process_id,
    talks.activity_id,
    talks.case_number,
    talks.citizen_number,
    false as is_first,
    talks.held_on as begun_on,
    talks.held_on as until_on,
    'outside' as outcome,
    looked_at.from_on as looked_from_on,
    looked_at.until_on as looked_until_on
from talks
cross join looked_at
where talks.is_outside and talks.held_on >= looked_at.from_on
