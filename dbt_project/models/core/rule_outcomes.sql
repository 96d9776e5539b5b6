-- Every case judged by the rules of the law it belongs to: rows joined to events, no rule in code.
-- Kinds today: `deadline` (B within W after A) and `min_count` (at least N of B in a window after A).
-- `population_share` has no individual breach by its nature and never appears here. A window includes
-- its last day. Where the calendar alone would call a breach but a clock stop lies in the window, or the
-- acts that could fulfil it do not say who held them, the outcome is `not_computable`, with the reason.
with as_of as (
    select max(delivered_on) as as_of_on from {{ source('lake', 'deliveries') }}
),

cases as (
    select * from {{ ref('cases') }}
    where regime_id is not null
),

event_log as (
    select * from {{ ref('event_log') }}
),

applicable as (
    select
        cases.process_id,
        cases.case_id,
        cases.citizen_id,
        cases.regime_id,
        cases.target_group,
        cases.ended_on,
        rules.rule_id,
        rules.version,
        rules.kind,
        rules.anchor_activity_id,
        rules.required_activity_id,
        rules.responsible_party,
        case rules.kind when 'deadline' then 1 else rules.min_count end as required_count,
        rules.window_from,
        rules.window_to,
        rules.window_unit
    from cases
    inner join {{ ref('rules') }} as rules
        on
            cases.regime_id = rules.regime_id
            and {{ list_has_or_empty('rules.applies_to_target_groups', 'cases.target_group') }}
            and {{ list_has_or_empty('rules.scope_municipalities', 'cases.municipality_id') }}
    where rules.kind in ('deadline', 'min_count')
),

anchors as (
    select
        applicable.process_id,
        applicable.case_id,
        applicable.rule_id,
        applicable.version,
        min(event_log.occurred_on) as anchor_on
    from applicable
    inner join event_log
        on
            applicable.process_id = event_log.process_id
            and applicable.case_id = event_log.case_id
            and applicable.anchor_activity_id = event_log.activity_id
    group by all
),

windows as (
    select
        applicable.*,
        anchors.anchor_on,
        {{ add_units('anchors.anchor_on', 'applicable.window_from', 'applicable.window_unit') }}
            as window_starts_on,
        {{ add_units('anchors.anchor_on', 'applicable.window_to', 'applicable.window_unit') }} as due_on
    from applicable
    left join anchors
        on
            applicable.process_id = anchors.process_id
            and applicable.case_id = anchors.case_id
            and applicable.rule_id = anchors.rule_id
            and applicable.version = anchors.version
),

required_acts as (
    select
        windows.process_id,
        windows.case_id,
        windows.rule_id,
        windows.version,
        event_log.occurred_on,
        event_log.occurred_on between windows.window_starts_on and windows.due_on as is_in_window,
        coalesce(
            {{ list_has_or_empty('windows.responsible_party', 'event_log.responsible_party') }}, false
        ) as is_by_party,
        windows.responsible_party is not null and event_log.responsible_party is null as is_by_unknown
    from windows
    inner join event_log
        on
            windows.process_id = event_log.process_id
            and windows.case_id = event_log.case_id
            and list_contains(string_split(windows.required_activity_id, '|'), event_log.activity_id)
    where event_log.occurred_on >= windows.window_starts_on
),

counted as (
    select
        process_id,
        case_id,
        rule_id,
        version,
        count(*) filter (where is_in_window and is_by_party) as counted,
        count(*) filter (where is_in_window and is_by_unknown) as counted_by_unknown,
        min(occurred_on) filter (where is_by_party) as first_on
    from required_acts
    group by all
),

facts as (
    select
        windows.*,
        as_of.as_of_on,
        counted.first_on,
        coalesce(counted.counted, 0) as counted,
        coalesce(counted.counted_by_unknown, 0) as counted_by_unknown,
        exists(
            select 1 from {{ ref('clock_stops') }} as stops
            where
                list_contains(string_split(stops.rule_kinds, '|'), windows.kind)
                and stops.starts_on <= windows.due_on
                and coalesce(stops.ends_on, date '9999-12-31') > windows.window_starts_on
        ) as has_clock_stop
    from windows
    cross join as_of
    left join counted
        on
            windows.process_id = counted.process_id
            and windows.case_id = counted.case_id
            and windows.rule_id = counted.rule_id
            and windows.version = counted.version
),

judged as (
    select
        *,
        case
            when anchor_on is null then 'not_computable'
            when counted >= required_count then 'fulfilled'
            when ended_on <= due_on then 'not_applicable'
            when as_of_on <= due_on then 'pending'
            when has_clock_stop or counted + counted_by_unknown >= required_count
                then 'not_computable'
            else 'breached'
        end as outcome
    from facts
)

select
    process_id,
    case_id,
    citizen_id,
    rule_id,
    version,
    regime_id,
    target_group,
    kind,
    anchor_on,
    window_starts_on,
    due_on,
    first_on,
    counted,
    required_count,
    outcome,
    case
        when anchor_on is null then 'no_anchor_event'
        when outcome = 'not_applicable' then 'closed_before_due'
        when outcome = 'not_computable' and has_clock_stop then 'clock_stop_in_window'
        when outcome = 'not_computable' then 'responsible_party_missing'
    end as reason,
    case
        when kind = 'deadline' and outcome = 'breached' then date_diff('day', due_on, first_on)
    end as days_late
from judged
