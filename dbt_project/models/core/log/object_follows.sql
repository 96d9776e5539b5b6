-- Who follows whom in the life of each object, not of each case: the object-centric directly-follows graph
-- (van der Aalst, Object-Centric Process Mining: Dealing with Divergence and Convergence in Event Data, 2019)
-- over the events of a process. One row per process, type of object and arc; an object begins (start) and
-- ends (end) with an activity. A unit is no object that work is done on, so it has no life here.
-- Events stand as the log of their case has them; those of two cases by their hour, and where that is equal
-- by the numbers of the cases.
with placed as (
    select
        notions.process_id,
        notions.citizen_number,
        log.case_number,
        log.event_key,
        log.event_number,
        log.activity_code,
        -- an act known by its day only stands where the log put it
        max(log.occurred_at) over (partition by log.case_number order by log.event_number) as placed_at
    from {{ ref('log_steps') }} as log
    inner join {{ ref('int_case_notions') }} as notions on log.case_number = notions.case_number
),

-- numbers stand for the ids, which are long; the same object may be named by several qualifiers
touched as (
    select distinct
        events.event_key,
        objects.object_type,
        objects.object_number
    from {{ ref('event_objects') }} as relations
    inner join {{ ref('events') }} as events on relations.event_id = events.event_id
    inner join (
        select
            object_id,
            object_type,
            row_number() over (order by object_id) as object_number
        from {{ ref('objects') }}
    ) as objects
        on relations.object_id = objects.object_id and relations.object_type = objects.object_type
    where relations.object_type <> 'unit'
),

-- an event of two cases of a process happened once
lives as (
    select
        placed.process_id,
        touched.object_type,
        touched.object_number,
        placed.event_key,
        any_value(placed.activity_code) as activity_code,
        min(placed.citizen_number) as citizen_number,
        min(placed.case_number) as case_number,
        min((placed.placed_at, placed.case_number, placed.event_number)) as place
    from placed
    inner join touched on placed.event_key = touched.event_key
    group by placed.process_id, touched.object_type, touched.object_number, placed.event_key
),

steps as (
    select
        process_id,
        object_type,
        object_number,
        citizen_number,
        case_number,
        activity_code,
        lead(activity_code) over life as next_activity_code,
        row_number() over life = 1 as is_first
    from lives
    window life as (partition by process_id, object_type, object_number order by place, event_key)
),

arcs as (
    select
        process_id,
        object_type,
        object_number,
        citizen_number,
        case_number,
        if(next_activity_code is null, 'end', 'follows') as arc_kind,
        activity_code as from_activity_code,
        next_activity_code as to_activity_code
    from steps
    union all by name
    select
        process_id,
        object_type,
        object_number,
        citizen_number,
        case_number,
        'start' as arc_kind,
        activity_code as to_activity_code
    from steps
    where is_first
)

select
    arcs.process_id,
    arcs.object_type,
    arcs.arc_kind,
    origins.activity_id as from_activity_id,
    targets.activity_id as to_activity_id,
    count(*) as n_occurrences,
    count(distinct arcs.object_number) as n_objects,
    count(distinct arcs.case_number) as n_cases,
    count(distinct arcs.citizen_number) as n_citizens
from arcs
left join {{ ref('activity_codes') }} as origins on arcs.from_activity_code = origins.activity_code
left join {{ ref('activity_codes') }} as targets on arcs.to_activity_code = targets.activity_code
group by arcs.process_id, arcs.object_type, arcs.arc_kind, origins.activity_id, targets.activity_id
