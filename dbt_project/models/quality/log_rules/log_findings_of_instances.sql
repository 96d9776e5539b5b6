-- The rule of `log_rules` about pieces of work that an event log tells in several rows (begun, completed):
-- one kind of actor does one piece of work. Only a log that numbers its pieces of work can be asked.
with rules as (
    select * from {{ ref('log_rules') }}
    where kind = 'resource_inconsistency'
),

torn as (
    select
        case_key,
        activity as activity_id
    from {{ ref('stg_event_log__events') }}
    where
        row_state = 'current'
        and event_instance is not null
        and (select count(*) from rules) > 0
    group by case_key, activity, event_instance
    -- told of some rows and not of others is a difference too
    having count(distinct resource_type) > 1 or count(resource_type) between 1 and count(*) - 1
)

select
    asked.rule_id,
    asked.process_id,
    asked.case_id,
    asked.regime_id,
    count(*) as n
from torn
inner join {{ ref('int_courses') }} as courses
    on torn.case_key = courses.case_key and courses.system_id = 'event_log'
inner join {{ ref('int_case_members') }} as members on courses.course_id = members.course_id
inner join {{ ref('int_log_cases_asked') }} as asked
    on members.process_id = asked.process_id and members.case_id = asked.case_id
inner join rules
    on
        asked.rule_id = rules.rule_id
        and {{ list_has_or_empty('rules.activity_id', 'torn.activity_id') }}
group by all
