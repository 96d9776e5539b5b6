-- Momentum keeps state, not events: one row per talk, task, offer or period. Each row is told here as
-- the acts it stands for. `not_an_event` says why a row tells of no act yet.
-- The time a row was registered is the time of the row. Of an act that came over the row later (a task
-- done, a period ended) it tells only when it is not earlier than the act; otherwise nobody says when
-- the act was registered, and it stays unknown. The last change of a row is never taken for it.
with contacts as (
    select * from {{ ref('stg_momentum__contacts') }}
),

tasks as (
    select * from {{ ref('stg_momentum__tasks') }}
),

target_groups as (
    select * from {{ ref('stg_momentum__target_groups') }}
),

offers as (
    select * from {{ ref('stg_momentum__offers') }}
),

-- A re-assessment between groups of one process (6.2 to 6.3) is no new first contact: the law's clock
-- runs from the contact with the municipality, not from the change of group.
group_periods as (
    select
        periods.*,
        coalesce(
            earlier.end_on >= periods.start_on - 1
            and earlier.target_group <> periods.target_group
            and exists (
                select 1 from {{ ref('processes') }} as processes
                where
                    list_contains(string_split(processes.target_groups, '|'), periods.target_group)
                    and list_contains(string_split(processes.target_groups, '|'), earlier.target_group)
            ),
            false
        ) as continues_a_process
    from target_groups as periods
    left join (
        select
            target_group_row_id,
            lag(end_on) over by_start as end_on,
            lag(target_group) over by_start as target_group
        from target_groups
        where row_state = 'current'
        window by_start as (partition by citizen_key order by start_on, target_group_row_id)
    ) as earlier
        on periods.row_state = 'current' and periods.target_group_row_id = earlier.target_group_row_id
),

-- A change is a new primary caseworker who is another person than the one before: a new period with
-- the same caseworker (a move of team, a re-labelled unit) is none.
caseworker_periods as (
    select
        *,
        lag(caseworker_key ignore nulls) over (
            partition by citizen_key, row_state, role
            order by start_on, assignment_id
        ) as previous_caseworker_key,
        -- who has the citizen when a course begins is its first caseworker, whoever had an earlier one
        exists(
            select 1 from target_groups
            where
                target_groups.row_state = 'current'
                and target_groups.citizen_key = periods.citizen_key
                and target_groups.start_on = periods.start_on
        ) as begins_a_course
    from {{ ref('stg_momentum__caseworkers') }} as periods
),

bookings as (
    select
        'contacts' as source_table,
        contact_id || '|booking' as source_key,
        citizen_key,
        cast(null as varchar) as case_key,
        'booked:' || booked_by as source_code,
        booked_at as occurred_at,
        booked_at_precision as occurred_precision,
        booked_at_flag as occurred_flag,
        registered_at,
        registered_at_precision as registered_precision,
        updated_at as changed_at,
        case booked_by when 'citizen' then 'citizen' else resource_type end as resource_type,
        cast(null as varchar) as responsible_party,
        org_unit_id,
        'contact' as object_type,
        contact_id as object_key,
        cast(null as varchar) as not_an_event,
        row_state,
        delivery_id,
        delivered_on,
        source_file,
        source_row
    from contacts
    where booked_by is not null
),

talks as (
    select
        'contacts' as source_table,
        contact_id || '|outcome' as source_key,
        citizen_key,
        cast(null as varchar) as case_key,
        case state when 'held' then 'held:' || contact_type else state end as source_code,
        -- a talk is cancelled or moved when somebody does so, not when it would have been held
        case
            when state in ('cancelled', 'rebooked') then least(updated_at, held_at)
            else held_at
        end as occurred_at,
        case
            when state in ('cancelled', 'rebooked') and coalesce(updated_at < held_at, held_at is null)
                then updated_at_precision
            else held_at_precision
        end as occurred_precision,
        case
            when state in ('cancelled', 'rebooked') and coalesce(updated_at < held_at, held_at is null)
                then updated_at_flag
            else held_at_flag
        end as occurred_flag,
        registered_at,
        registered_at_precision as registered_precision,
        updated_at as changed_at,
        resource_type,
        responsible_party,
        org_unit_id,
        'contact' as object_type,
        contact_id as object_key,
        case when state = 'planned' then 'not_completed' end as not_an_event,
        row_state,
        delivery_id,
        delivered_on,
        source_file,
        source_row
    from contacts
),

done_tasks as (
    select
        'tasks' as source_table,
        task_id as source_key,
        citizen_key,
        cast(null as varchar) as case_key,
        task_type as source_code,
        completed_at as occurred_at,
        completed_at_precision as occurred_precision,
        completed_at_flag as occurred_flag,
        case when created_at >= completed_at then created_at end as registered_at,
        created_at_precision as registered_precision,
        updated_at as changed_at,
        resource_type,
        cast(null as varchar) as responsible_party,
        org_unit_id,
        cast(null as varchar) as object_type,
        cast(null as varchar) as object_key,
        case when state <> '0' then 'not_completed' end as not_an_event,
        row_state,
        delivery_id,
        delivered_on,
        source_file,
        source_row
    from tasks
),

caseworker_changes as (
    select
        'caseworkers' as source_table,
        assignment_id as source_key,
        citizen_key,
        cast(null as varchar) as case_key,
        'primary_change' as source_code,
        {{ local_midnight('start_on') }} as occurred_at,
        'day' as occurred_precision,
        start_on_flag as occurred_flag,
        registered_at,
        registered_at_precision as registered_precision,
        cast(null as timestamp) as changed_at,
        'human' as resource_type,
        cast(null as varchar) as responsible_party,
        org_unit_id,
        cast(null as varchar) as object_type,
        cast(null as varchar) as object_key,
        case
            when coalesce(role, '') <> '1' then 'not_a_primary_caseworker'
            when caseworker_key is null then 'no_caseworker'
            when row_state = 'current' and previous_caseworker_key is null then 'first_caseworker'
            when row_state = 'current' and previous_caseworker_key = caseworker_key then 'same_caseworker'
            when row_state = 'current' and begins_a_course then 'first_caseworker'
        end as not_an_event,
        row_state,
        delivery_id,
        delivered_on,
        source_file,
        source_row
    from caseworker_periods
),

group_starts as (
    select
        'target_groups' as source_table,
        target_group_row_id || '|start' as source_key,
        citizen_key,
        target_group_row_id as case_key,
        case when continues_a_process then 'continue:' else 'start:' end || target_group as source_code,
        {{ local_midnight('start_on') }} as occurred_at,
        'day' as occurred_precision,
        start_on_flag as occurred_flag,
        registered_at,
        registered_at_precision as registered_precision,
        updated_at as changed_at,
        'system' as resource_type,
        cast(null as varchar) as responsible_party,
        cast(null as varchar) as org_unit_id,
        cast(null as varchar) as object_type,
        cast(null as varchar) as object_key,
        cast(null as varchar) as not_an_event,
        row_state,
        delivery_id,
        delivered_on,
        source_file,
        source_row
    from group_periods
),

group_ends as (
    select
        'target_groups' as source_table,
        target_group_row_id || '|end' as source_key,
        citizen_key,
        target_group_row_id as case_key,
        'end:' || coalesce(end_reason, 'ANDET') as source_code,
        {{ local_midnight('end_on') }} as occurred_at,
        'day' as occurred_precision,
        end_on_flag as occurred_flag,
        case when {{ local_date('registered_at') }} >= end_on then registered_at end as registered_at,
        registered_at_precision as registered_precision,
        updated_at as changed_at,
        'system' as resource_type,
        cast(null as varchar) as responsible_party,
        cast(null as varchar) as org_unit_id,
        cast(null as varchar) as object_type,
        cast(null as varchar) as object_key,
        -- an end that lies ahead is a plan
        case when end_on > delivered_on then 'not_yet' end as not_an_event,
        row_state,
        delivery_id,
        delivered_on,
        source_file,
        source_row
    from target_groups
    where end_on is not null
),

offer_steps as (
    select
        *,
        unnest([
            {
                'step': 'granted',
                'code': 'granted',
                'occurred_at': granted_at,
                'precision': granted_at_precision,
                'flag': granted_at_flag
            },
            {
                'step': 'start',
                'code': 'start',
                'occurred_at': {{ local_midnight('start_on') }},
                'precision': 'day',
                'flag': start_on_flag
            },
            {
                'step': 'end',
                'code': 'end:' || coalesce(end_reason, 'GENNEMFOERT'),
                'occurred_at': {{ local_midnight('end_on') }},
                'precision': 'day',
                'flag': end_on_flag
            }
        ]) as act
    from offers
),

offer_events as (
    select
        'offers' as source_table,
        offer_id || '|' || act.step as source_key,
        citizen_key,
        cast(null as varchar) as case_key,
        act.code as source_code,
        act.occurred_at as occurred_at,
        act.precision as occurred_precision,
        act.flag as occurred_flag,
        cast(null as timestamp) as registered_at,
        cast(null as varchar) as registered_precision,
        updated_at as changed_at,
        resource_type,
        cast(null as varchar) as responsible_party,
        cast(null as varchar) as org_unit_id,
        'offer' as object_type,
        offer_id as object_key,
        -- a start or end that lies ahead is a plan
        case when {{ local_date('act.occurred_at') }} > delivered_on then 'not_yet' end as not_an_event,
        row_state,
        delivery_id,
        delivered_on,
        source_file,
        source_row
    from offer_steps
    -- an offer that tells no date at all is one act without a time, not a row that vanishes
    where
        act.occurred_at is not null
        or (act.step = 'granted' and coalesce(start_on, end_on) is null)
)

select * from bookings
union all by name
select * from talks
union all by name
select * from done_tasks
union all by name
select * from caseworker_changes
union all by name
select * from group_starts
union all by name
select * from group_ends
union all by name
select * from offer_events
