-- A case is a view of a process on objects: its row in `processes` names the notion of a case.
with event_log as (
    select * from {{ ref('event_log') }}
),

activities as (
    select * from {{ ref('activity_codes') }}
),

notions as (
    select * from {{ ref('int_case_notions') }}
),

regimes as (
    select * from {{ ref('regimes') }}
),

-- Two independent order-sensitive hashes: 128 bits, so that two paths do not share an id by chance.
walked as (
    select
        event_log.process_id,
        event_log.case_id,
        min(event_log.occurred_at) as start_at,
        max(event_log.occurred_at) as end_at,
        max(event_log.occurred_on) as last_event_on,
        count(*) as n_events,
        count(*) - count(distinct event_log.activity_code) as n_repeated_events,
        count(*) filter (where activities.family = 'caseworker_change') as caseworker_changes,
        max(event_log.occurred_on) filter (
            where is_end and activities.family is distinct from 'registration'
        ) as end_activity_on,
        max(event_log.occurred_on) filter (where is_end and activities.family = 'registration')
            as shifted_on,
        bool_or(is_start) as has_start_activity,
        md5(concat_ws(
            '|',
            sum(hash(cast(event_log.activity_code as uinteger) * 65536 + event_log.event_number)),
            bit_xor(hash(event_log.event_number, event_log.activity_code)),
            count(*)
        )) as variant_id
    from (
        select
            event_log.*,
            list_contains(string_split(processes.start_activities, '|'), event_log.activity_id)
                as is_start,
            list_contains(string_split(processes.end_activities, '|'), event_log.activity_id) as is_end
        from event_log
        inner join {{ ref('processes') }} as processes on event_log.process_id = processes.process_id
    ) as event_log
    inner join activities on event_log.activity_id = activities.activity_id
    group by event_log.process_id, event_log.case_id
),

dated as (
    select
        notions.process_id,
        notions.case_id,
        notions.citizen_id,
        notions.target_group,
        notions.unemployment_fund,
        notions.regime_id,
        notions.registered_on,
        coalesce(
            notions.ended_on,
            greatest(
                walked.end_activity_on,
                -- where nothing else began the case, a shift on its first day is one into its group
                case
                    when
                        walked.has_start_activity
                        or coalesce(walked.shifted_on > notions.registered_on, true)
                        then walked.shifted_on
                end
            )
        ) as ended_on,
        walked.start_at,
        walked.end_at,
        walked.last_event_on,
        walked.variant_id,
        coalesce(walked.n_events, 0) as n_events,
        coalesce(walked.n_repeated_events, 0) as n_repeated_events,
        coalesce(walked.caseworker_changes, 0) as caseworker_changes
    from notions
    left join walked
        on notions.process_id = walked.process_id and notions.case_id = walked.case_id
)

select
    dated.process_id,
    dated.case_id,
    dated.citizen_id,
    {{ municipality_id() }} as municipality_id,
    dated.target_group,
    dated.unemployment_fund,
    dated.regime_id,
    dated.registered_on,
    dated.ended_on,
    dated.start_at,
    dated.end_at,
    dated.ended_on is not null as is_closed,
    exists(
        select 1 from regimes
        where
            regimes.process_id = dated.process_id
            and regimes.valid_from > dated.registered_on
            and regimes.valid_from <= coalesce(dated.ended_on, dated.last_event_on)
    ) as spans_law_change,
    dated.variant_id,
    dated.n_events,
    -- calendar and working days of the same span: registration to end, or to the last event so far
    cast(
        date_diff('day', dated.registered_on, coalesce(dated.ended_on, dated.last_event_on)) as double
    ) as lead_time_days,
    last_day.working_day_number - first_day.working_day_number as working_days,
    dated.caseworker_changes,
    dated.n_repeated_events
from dated
left join {{ ref('int_working_days') }} as first_day on dated.registered_on = first_day.day_on
left join {{ ref('int_working_days') }} as last_day
    on coalesce(dated.ended_on, dated.last_event_on) = last_day.day_on
