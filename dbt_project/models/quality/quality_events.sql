-- noqa: disable=LT01,LT02
-- What can be wrong with events, counted per process and regime, so that a suite judges one small row
-- however many events there are. Every count is of the rows the count is about: a missing time or
-- party is counted as missing and never as right, because a null compares as neither.
{%- set shares = {
    'events_in_future': 'events',
    'events_before_1990': 'events',
    'events_without_registered_at': 'events',
    'events_registered_before_occurred': 'events_with_registered_at',
    'events_late_registered': 'events_with_registered_at',
    'events_date_only': 'events',
    'events_with_time_artefacts': 'events',
    'events_without_resource': 'events',
    'events_by_robots': 'events',
    'talks_without_party': 'talks',
    'talks_by_fund': 'talks',
} %}
{#- of which one is too many #}
{%- set none_allowed = ['events_before_1990'] %}

with steps as (
    select * from {{ ref('int_quality_steps') }}
),

activities as (
    select * from {{ ref('activity_codes') }}
),

-- what a clock or a program made of a time; a plan or a late registration is no artefact
artefacts as (
    select distinct event_id from {{ ref('event_time_flags') }}
    where flag not in ('after_delivery', 'registered_before_occurred')
),

deliveries as (
    {{ deliveries_in_turn() }}
),

seen as (
    select
        steps.process_id,
        steps.regime_id,
        steps.case_id,
        steps.occurred_at,
        steps.occurred_on,
        steps.occurred_precision,
        steps.registered_at,
        steps.resource_type,
        steps.responsible_party,
        -- an activity without a family (another field of work) is no talk, not an unknown one
        coalesce(activities.family = 'talk', false) as is_talk,
        deliveries.delivered_on,
        artefacts.event_id is not null as has_artefact
    from steps
    left join activities on steps.activity_code = activities.activity_code
    left join artefacts on steps.event_id = artefacts.event_id
    left join deliveries
        on steps.system_id = deliveries.system_id and steps.delivery_id = deliveries.delivery_id
),

-- by case first: whose event it is stands with the few cases, not with the many events
of_cases as (
    select
        process_id,
        regime_id,
        case_id,
        count(*) as events,
        count(registered_at) as events_with_registered_at,
        count(*) filter (where is_talk) as talks,
        count(*) filter (where occurred_on > delivered_on) as events_in_future,
        count(*) filter (where occurred_on < date '1990-01-01') as events_before_1990,
        count(*) filter (where registered_at is null) as events_without_registered_at,
        -- a day of grace: one of the two times may be a date only
        count(*) filter (where registered_at < occurred_at - interval 1 day)
            as events_registered_before_occurred,
        count(*) filter (
            where registered_at - occurred_at > {{ limit('late_registration_days') }} * interval 1 day
        ) as events_late_registered,
        count(*) filter (where occurred_precision = 'day') as events_date_only,
        count(*) filter (where has_artefact) as events_with_time_artefacts,
        count(*) filter (where resource_type is null) as events_without_resource,
        count(*) filter (where resource_type = 'robot') as events_by_robots,
        count(*) filter (where is_talk and responsible_party is null) as talks_without_party,
        count(*) filter (where is_talk and responsible_party in ('unemployment_fund', 'joint'))
            as talks_by_fund
    from seen
    group by process_id, regime_id, case_id
),

counted as (
    select
        of_cases.process_id,
        of_cases.regime_id
        {%- for count in ['events', 'events_with_registered_at', 'talks'] + shares.keys() | list %},
        cast(sum(of_cases.{{ count }}) as bigint) as {{ count }}
        {%- endfor %}
        {%- for share in shares %},
        count(distinct cases.citizen_id) filter (where of_cases.{{ share }} > 0) as {{ share }}_citizens
        {%- endfor %}
    from of_cases
    left join {{ ref('cases') }} as cases
        on of_cases.process_id = cases.process_id and of_cases.case_id = cases.case_id
    group by of_cases.process_id, of_cases.regime_id
)

select
    {{ municipality_id() }} as municipality_id,
    process_id,
    regime_id,
    events,
    events_with_registered_at,
    talks
    {%- for share, whole in shares.items() %},
    {{ share }},
    {{ percent_of(
        share, whole,
        none if share in none_allowed else 'share_least' if whole == 'talks' else 'share_least_of_events'
    ) }} as {{ share }}_percent
    {%- endfor %}
    {%- for share in shares %},
    {{ share }}_citizens
    {%- endfor %}
from counted
