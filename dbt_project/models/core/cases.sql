-- A case is a view of a process on objects: its row in `processes` names the notion of a case.
with activities as (
    select * from {{ ref('activity_codes') }}
),

notions as (
    select * from {{ ref('int_case_notions') }}
),

regimes as (
    select * from {{ ref('regimes') }}
),

-- Few acts say where a case begins or ends; only they are looked at one by one.
marking as (
    select
        slices.slice_number,
        activities.activity_code,
        list_contains(string_split(processes.start_activities, '|'), activities.activity_id) as is_start,
        list_contains(string_split(processes.end_activities, '|'), activities.activity_id) as is_end,
        coalesce(activities.family, '') = 'registration' as is_registration
    from (
        select distinct
            slice_number,
            process_id
        from notions
    ) as slices
    inner join {{ ref('processes') }} as processes on slices.process_id = processes.process_id
    cross join activities
),

marked as (
    select
        steps.case_number,
        max(steps.occurred_on) filter (where marking.is_end and not marking.is_registration)
            as end_activity_on,
        max(steps.occurred_on) filter (where marking.is_end and marking.is_registration) as shifted_on,
        bool_or(marking.is_start) as has_start_activity
    from {{ ref('log_steps') }} as steps
    inner join marking
        on steps.slice_number = marking.slice_number and steps.activity_code = marking.activity_code
    where marking.is_start or marking.is_end
    group by steps.case_number
),

changed as (
    select
        case_number,
        count(*) as caseworker_changes
    from {{ ref('caseworker_changes') }}
    where not_counted_because is null
    group by case_number
),

walked as (
    select
        walks.*,
        variants.variant_id,
        variants.variant_number,
        variants.n_repeated_events
    from {{ ref('case_walks') }} as walks
    inner join {{ ref('variants') }} as variants
        on {{ same_variant('walks', 'variants') }}
),

dated as (
    select
        notions.process_id,
        notions.case_id,
        notions.case_number,
        notions.citizen_id,
        notions.citizen_number,
        notions.slice_number,
        notions.target_group,
        notions.unemployment_fund,
        notions.regime_id,
        notions.registered_on,
        coalesce(
            notions.ended_on,
            greatest(
                marked.end_activity_on,
                -- where nothing else began the case, a shift on its first day is one into its group
                case
                    when
                        marked.has_start_activity
                        or coalesce(marked.shifted_on > notions.registered_on, true)
                        then marked.shifted_on
                end
            )
        ) as ended_on,
        walked.start_at,
        walked.end_at,
        walked.last_event_on,
        walked.variant_id,
        walked.variant_number,
        coalesce(walked.n_events, 0) as n_events,
        coalesce(walked.n_repeated_events, 0) as n_repeated_events,
        coalesce(changed.caseworker_changes, 0) as caseworker_changes
    from notions
    left join walked on notions.case_number = walked.case_number
    left join marked on notions.case_number = marked.case_number
    left join changed on notions.case_number = changed.case_number
)

select
    dated.process_id,
    dated.case_id,
    dated.case_number,
    dated.citizen_id,
    dated.citizen_number,
    dated.slice_number,
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
    dated.variant_number,
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
