-- The window of each judgement: by the calendar, and less the days that do not count. Every removed period
-- that begins inside the window as pushed by the earlier ones pushes it further.
with opened as (
    select
        rule_cases.judgement_number,
        min(event_log.occurred_on) as opened_on
    from {{ ref('rule_cases') }} as rule_cases
    inner join {{ ref('event_log') }} as event_log
        on
            rule_cases.process_id = event_log.process_id
            and rule_cases.case_id = event_log.case_id
            and rule_cases.opens_activity_id = event_log.activity_id
            and rule_cases.anchor_on <= event_log.occurred_on
    group by rule_cases.judgement_number
),

by_calendar as (
    select
        rule_cases.*,
        opened.opened_on,
        coalesce(
            {{ add_units('rule_cases.anchor_on', 'rule_cases.window_from', 'rule_cases.window_unit') }},
            rule_cases.anchor_on
        ) as starts_by_calendar_on,
        {{ add_units('rule_cases.anchor_on', 'rule_cases.window_to', 'rule_cases.window_unit') }} as due_on
    from {{ ref('rule_cases') }} as rule_cases
    left join opened on rule_cases.judgement_number = opened.judgement_number
),

pushed as (
    select
        by_calendar.judgement_number,
        cast(sum(removed.n_days) filter (
            where removed.starts_on
            <= by_calendar.starts_by_calendar_on + cast(removed.n_days_before as integer)
        ) as integer) as start_days,
        cast(sum(removed.n_days) filter (
            where removed.starts_on <= by_calendar.due_on + cast(removed.n_days_before as integer)
        ) as integer) as due_days
    from by_calendar
    inner join {{ ref('removed_days') }} as removed
        on by_calendar.judgement_number = removed.judgement_number
    group by by_calendar.judgement_number
)

select
    by_calendar.* exclude (starts_by_calendar_on),
    -- a window that an act opens has no start before the act
    case
        when by_calendar.opens_activity_id is null or by_calendar.opened_on is not null
            then greatest(
                by_calendar.starts_by_calendar_on + coalesce(pushed.start_days, 0), by_calendar.opened_on
            )
    end as window_starts_on,
    coalesce(pushed.due_days, 0) as removed_days,
    by_calendar.due_on + coalesce(pushed.due_days, 0) as due_less_stops_on
from by_calendar
left join pushed on by_calendar.judgement_number = pushed.judgement_number
