-- Rules of `log_rules` about single rows: the wrong kind of actor, work that lasts too long, a value that
-- is missing, and a time in which nothing at all was told. Rows whose code nobody knows count as well:
-- they were work, and their values may be missing too.
with rules as (
    select
        *,
        case unit
            when 'second' then 1
            when 'minute' then 60
            when 'hour' then 3600
            when 'day' then 86400
        end * amount as seconds
    from {{ ref('log_rules') }}
    where kind in ('activity_resource', 'activity_duration', 'missing_value', 'inactive_period')
),

in_process as (
    select
        members.process_id,
        courses.system_id,
        courses.case_key,
        members.case_id
    from {{ ref('int_case_members') }} as members
    inner join {{ ref('int_courses') }} as courses on members.course_id = courses.course_id
    where members.process_id in (select process_id from rules)
),

told as (
    select
        in_process.process_id,
        in_process.case_id,
        judged.*
    from {{ ref('int_events_judged') }} as judged
    inner join in_process
        on judged.system_id = in_process.system_id and judged.case_key = in_process.case_key
    where judged.row_state = 'current' and judged.not_an_event is null
    union all by name
    select
        event_log.process_id,
        event_log.case_id,
        judged.*
    from {{ ref('int_events_judged') }} as judged
    inner join {{ ref('event_log') }} as event_log on judged.event_id = event_log.event_id
    where judged.case_key is null and event_log.process_id in (select process_id from rules)
),

-- per process, over all cases: how long after everything before it had ended a row begins
quiet as (
    select
        *,
        epoch(
            coalesce(started_at, occurred_at)
            - max(occurred_at) over (
                partition by process_id
                order by coalesce(started_at, occurred_at), occurred_at, event_id
                rows between unbounded preceding and 1 preceding
            )
        ) as seconds_quiet
    from told
    where occurred_precision <> 'day'
),

found as (
    select
        rules.rule_id,
        told.process_id,
        told.case_id,
        told.event_id
    from rules
    inner join told
        on
            rules.process_id = told.process_id
            and {{ list_has_or_empty('rules.activity_id', 'told.activity_id') }}
    where
        case rules.kind
            when 'activity_resource' then told.resource_type is distinct from rules.resource_kind
            when 'activity_duration' then epoch(told.ended_at - told.started_at) > rules.seconds
            when 'missing_value'
                then
                    case rules.attribute
                        when 'resource_type' then told.resource_type
                        when 'responsible_party' then told.responsible_party
                        when 'org_unit_id' then told.org_unit_id
                        when 'occurred_at' then cast(told.occurred_at as varchar)
                        when 'started_at' then cast(told.started_at as varchar)
                        when 'registered_at' then cast(told.registered_at as varchar)
                    end is null
            else false
        end
    union all by name
    select
        rules.rule_id,
        quiet.process_id,
        cast(null as varchar) as case_id,
        quiet.event_id
    from rules
    inner join quiet on rules.process_id = quiet.process_id and rules.seconds < quiet.seconds_quiet
    where rules.kind = 'inactive_period'
)

select
    *,
    1 as n
from found
