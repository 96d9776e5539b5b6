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

-- the walk of the detectors has met the events already
told as (
    select
        steps.process_id,
        steps.case_id,
        steps.regime_id,
        steps.event_id,
        activities.activity_id,
        steps.occurred_at,
        steps.occurred_precision,
        steps.resource_type,
        steps.responsible_party,
        steps.org_unit_id,
        steps.registered_at,
        steps.started_at,
        steps.ended_at
    from {{ ref('int_quality_steps') }} as steps
    inner join {{ ref('activity_codes') }} as activities on steps.activity_code = activities.activity_code
    where steps.process_id in (select process_id from asked)
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
