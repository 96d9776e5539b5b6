-- noqa: disable=LT01,LT02
-- What can be wrong with cases, counted per process and regime. A course without one event (its
-- registration did not become an event) is a case too, hence the left joins.
{%- set shares = {
    'cases_without_events': 'cases',
    'cases_without_start_activity': 'cases',
    'cases_with_events_after_end': 'closed_cases',
    'cases_with_one_event': 'cases',
    'cases_without_duration': 'cases',
    'cases_spanning_law_change': 'cases',
    'cases_with_a_talk': 'cases',
    'cases_with_a_fund_talk': 'cases',
    'cases_of_three_months_without_a_talk': 'cases_of_three_months',
    'cases_of_three_months_without_a_fund_talk': 'cases_of_three_months',
} %}

with cases as (
    select * from {{ ref('cases') }}
),

event_log as (
    select * from {{ ref('event_log') }}
),

-- What an activity is in each process: one that begins a case, or (of the family registration and among
-- those that end one) the change of target group, which ends a case and begins another.
kinds as (
    select
        processes.process_id,
        activities.activity_code,
        coalesce(activities.family = 'talk', false) as is_talk,
        coalesce(
            list_contains(string_split(processes.start_activities, '|'), activities.activity_id), false
        ) as is_start,
        coalesce(activities.family = 'registration', false)
        and list_contains(string_split(coalesce(processes.end_activities, ''), '|'), activities.activity_id)
            as is_shift
    from {{ ref('processes') }} as processes
    cross join {{ ref('activity_codes') }} as activities
),

-- How far the data reaches: an open case is as old as the newest delivery, not as old as today.
reach as (
    select max(delivered_on) as delivered_on from {{ ref('deliveries') }}
),

walked as (
    select
        event_log.process_id,
        event_log.case_id,
        max(event_log.occurred_on) as last_event_on,
        bool_or(kinds.is_start) as has_start,
        min(event_log.occurred_on) filter (where kinds.is_shift) as shifted_on,
        bool_or(kinds.is_talk) as has_talk,
        bool_or(
            kinds.is_talk
            and coalesce(event_log.responsible_party in ('unemployment_fund', 'joint'), false)
        ) as has_fund_talk
    from event_log
    inner join kinds
        on
            event_log.process_id = kinds.process_id
            and event_log.activity_code = kinds.activity_code
    group by event_log.process_id, event_log.case_id
),

seen as (
    select
        cases.*,
        walked.last_event_on,
        coalesce(walked.has_talk, false) as has_talk,
        coalesce(walked.has_fund_talk, false) as has_fund_talk,
        -- a process that names no start activity cannot be broken by one;
        -- what may stand before its start on the same day or earlier (an application, a summons) is no
        -- fault; who was moved into the group of the process begins it by that
        coalesce(processes.start_activities, '') = ''
        or coalesce(walked.has_start or walked.shifted_on <= cases.registered_on, false) as tells_its_start,
        -- a case without a registration date has no known age and is not one of three months
        coalesce(
            coalesce(cases.ended_on, reach.delivered_on) >= cases.registered_on + interval 3 month,
            false
        ) as is_three_months
    from cases
    left join walked on cases.process_id = walked.process_id and cases.case_id = walked.case_id
    left join {{ ref('processes') }} as processes on cases.process_id = processes.process_id
    cross join reach
),

counted as (
    select
        municipality_id,
        process_id,
        regime_id,
        min(registered_on) as first_registered_on,
        max(registered_on) as last_registered_on,
        count(*) as cases,
        count(*) filter (where is_closed) as closed_cases,
        count(*) filter (where is_three_months) as cases_of_three_months,
        count(*) filter (where n_events = 0) as cases_without_events,
        count(*) filter (where not tells_its_start) as cases_without_start_activity,
        count(*) filter (where is_closed and last_event_on > ended_on)
            as cases_with_events_after_end,
        count(*) filter (where n_events = 1) as cases_with_one_event,
        count(*) filter (where n_events > 1 and start_at = end_at) as cases_without_duration,
        count(*) filter (where spans_law_change) as cases_spanning_law_change,
        count(*) filter (where has_talk) as cases_with_a_talk,
        count(*) filter (where has_fund_talk) as cases_with_a_fund_talk,
        count(*) filter (where is_three_months and not has_talk)
            as cases_of_three_months_without_a_talk,
        count(*) filter (where is_three_months and not has_fund_talk)
            as cases_of_three_months_without_a_fund_talk
    from seen
    group by municipality_id, process_id, regime_id
)

select
    municipality_id,
    process_id,
    regime_id,
    cases,
    closed_cases,
    cases_of_three_months,
    first_registered_on,
    last_registered_on
    {%- for share, whole in shares.items() %},
    {{ share }},
    {{ percent_of(share, whole, 'share_least') }} as {{ share }}_percent
    {%- endfor %}
from counted
