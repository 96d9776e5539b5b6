{{ config(materialized='view') }}
-- The rows that rules of `log_rules` look at: the events of a process and, with them, the rows of its cases
-- that a fault kept from becoming events. They were work too, and their values may be missing as well.
with asked as (
    select process_id from {{ ref('log_rules') }}
    where
        kind not in (
            'activity_frequency', 'activity_order', 'missing_activity', 'related_activities',
            'conditional_presence', 'resource_inconsistency'
        )
),

told as (
    select
        event_log.process_id,
        event_log.case_id,
        event_log.regime_id,
        event_log.event_id,
        event_log.activity_id,
        event_log.occurred_at,
        event_log.occurred_precision,
        event_log.resource_type,
        event_log.responsible_party,
        event_log.org_unit_id,
        events.registered_at,
        events.started_at,
        events.ended_at
    from {{ ref('event_log') }} as event_log
    inner join {{ ref('events') }} as events on event_log.event_id = events.event_id
    where event_log.process_id in (select process_id from asked)
),

faulty as (
    select *
    from {{ ref('int_events_judged') }}
    where
        reject_reason in ('no_citizen', 'no_time', 'no_code', 'unmapped_code')
        and (select count(*) from asked) > 0
)

select * from told
union all by name
select
    notions.process_id,
    notions.case_id,
    case notions.applies_by
        when 'event' then regimes.regime_id
        else notions.regime_id
    end as regime_id,
    faulty.event_id,
    faulty.activity_id,
    faulty.occurred_at,
    faulty.occurred_precision,
    faulty.resource_type,
    faulty.responsible_party,
    faulty.org_unit_id,
    faulty.registered_at,
    faulty.started_at,
    faulty.ended_at
from faulty
inner join {{ ref('int_courses') }} as courses
    on faulty.system_id = courses.system_id and faulty.case_key = courses.case_key
inner join {{ ref('int_case_members') }} as members on courses.course_id = members.course_id
inner join {{ ref('int_case_notions') }} as notions
    on members.process_id = notions.process_id and members.case_id = notions.case_id
left join {{ ref('regimes') }} as regimes
    on
        notions.process_id = regimes.process_id
        and {{ valid_at('faulty.occurred_on', 'regimes.valid_from', 'regimes.valid_to') }}
where notions.process_id in (select process_id from asked)
