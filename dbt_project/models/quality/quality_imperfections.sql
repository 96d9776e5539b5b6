-- noqa: disable=LT01,LT02
-- How often each pattern of the detectors is found, per process and regime: the name of a column is the
-- pattern_id. Future events, late registrations and events without a case are judged where they were
-- always counted (quality_events: EV-001, EV-005; quality_rows: RW-005), not here again.
{%- set shares = {
    'form_based': 'timed_events',
    'collateral': 'timed_events',
    'time_travel': 'events',
    'unanchored': 'events',
    'zero_time': 'events',
    'swapped_day_month': 'events',
    'mixed_granularity': 'events',
    'batch_registration': 'registered_events',
    'scattered_event': 'changed_events',
    'different_clocks': 'events_of_two_systems',
    'scattered_case': 'cases_of_two_systems',
} %}

with steps as (
    select * from {{ ref('int_quality_steps') }}
),

of_events as (
    select
        process_id,
        regime_id,
        count(*) as events,
        count(*) filter (where occurred_precision <> 'day') as timed_events,
        count(registered_at) as registered_events,
        count(changed_at) as changed_events
    from steps
    group by process_id, regime_id
),

found_events as (
    select
        steps.process_id,
        steps.regime_id
        {%- for pattern in shares if pattern != 'scattered_case' %},
        count(*) filter (where findings.pattern_id = '{{ pattern }}') as {{ pattern }},
        count(distinct cases.citizen_id) filter (where findings.pattern_id = '{{ pattern }}')
            as {{ pattern }}_citizens
        {%- endfor %}
    from steps
    inner join {{ ref('findings_of_events') }} as findings
        on
            steps.event_id = findings.event_id
            and steps.process_id = findings.process_id
            and steps.case_id = findings.case_id
    left join {{ ref('cases') }} as cases
        on findings.process_id = cases.process_id and findings.case_id = cases.case_id
    group by steps.process_id, steps.regime_id
),

-- only a citizen whom two systems know can be told of twice
known_twice as (
    select citizen_id from {{ ref('int_courses') }}
    group by citizen_id
    having min(system_id) <> max(system_id)
),

of_cases as (
    select
        cases.process_id,
        cases.regime_id,
        count(*) as cases,
        count(known_twice.citizen_id) as cases_of_two_systems,
        cast(coalesce(sum(cases.n_events) filter (where known_twice.citizen_id is not null), 0) as bigint)
            as events_of_two_systems,
        count(findings.case_id) as scattered_case,
        count(distinct cases.citizen_id) filter (where findings.case_id is not null)
            as scattered_case_citizens
    from {{ ref('cases') }} as cases
    left join known_twice on cases.citizen_id = known_twice.citizen_id
    left join {{ ref('findings_of_cases') }} as findings
        on
            cases.process_id = findings.process_id
            and cases.case_id = findings.case_id
            and findings.pattern_id = 'scattered_case'
    group by cases.process_id, cases.regime_id
),

slices as (
    select
        process_id,
        regime_id
    from of_events
    union
    select
        process_id,
        regime_id
    from of_cases
),

counted as (
    select
        slices.process_id,
        slices.regime_id,
        coalesce(of_events.events, 0) as events,
        coalesce(of_events.timed_events, 0) as timed_events,
        coalesce(of_events.registered_events, 0) as registered_events,
        coalesce(of_events.changed_events, 0) as changed_events,
        coalesce(of_cases.events_of_two_systems, 0) as events_of_two_systems,
        coalesce(of_cases.cases, 0) as cases,
        coalesce(of_cases.cases_of_two_systems, 0) as cases_of_two_systems
        {%- for pattern in shares %},
        coalesce({{ pattern }}, 0) as {{ pattern }},
        coalesce({{ pattern }}_citizens, 0) as {{ pattern }}_citizens
        {%- endfor %}
    from slices
    left join of_events
        on
            slices.process_id = of_events.process_id
            and slices.regime_id is not distinct from of_events.regime_id
    left join found_events
        on
            slices.process_id = found_events.process_id
            and slices.regime_id is not distinct from found_events.regime_id
    left join of_cases
        on
            slices.process_id = of_cases.process_id
            and slices.regime_id is not distinct from of_cases.regime_id
)

select
    {{ municipality_id() }} as municipality_id,
    process_id,
    regime_id,
    events,
    timed_events,
    registered_events,
    changed_events,
    events_of_two_systems,
    cases,
    cases_of_two_systems
    {%- for share, whole in shares.items() %},
    {{ share }},
    {{ percent_of(
        share, whole, 'share_least' if share == 'scattered_case' else 'share_least_of_events'
    ) }} as {{ share }}_percent
    {%- endfor %}
    {%- for share in shares %},
    {{ share }}_citizens
    {%- endfor %}
from counted
