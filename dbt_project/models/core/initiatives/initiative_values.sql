-- The measure of each case that is compared about an initiative, in the first `follow_up_days` of the case.
-- Days to something are told up to the end of these days and no further (a restricted mean: Royston and
-- Parmar 2013, BMC Medical Research Methodology 13:152), so that those who never had it count too. Whoever
-- left before it came has no such days (null): it could not come any more.
with cases as (
    select * from {{ ref('initiative_cases') }}
),

acts as (
    select
        cases.initiative_id,
        cases.arm,
        cases.process_id,
        cases.case_id,
        count(*) as n_events,
        count(distinct event_log.activity_code) as n_activities,
        count(*) filter (where activities.family = 'talk') as n_talks,
        count(changes.event_id) as caseworker_changes,
        min(event_log.occurred_on) filter (where activities.family = 'talk') as first_talk_on,
        min(event_log.occurred_on) filter (where event_log.activity_id = cases.measure_item)
            as first_item_on
    from cases
    inner join {{ ref('event_log') }} as event_log
        on
            cases.process_id = event_log.process_id
            and cases.case_id = event_log.case_id
            and cases.registered_on <= event_log.occurred_on
            and cases.registered_on + cases.follow_up_days > event_log.occurred_on
    inner join {{ ref('activity_codes') }} as activities on event_log.activity_id = activities.activity_id
    left join {{ ref('caseworker_changes') }} as changes
        on
            event_log.event_id = changes.event_id
            and event_log.case_number = changes.case_number
            and changes.not_counted_because is null
    group by cases.initiative_id, cases.arm, cases.process_id, cases.case_id
),

-- A rule that is judged more than once of a case (by two versions) is fulfilled where each is.
judged as (
    select
        process_id,
        case_id,
        rule_id,
        min(case outcome when 'fulfilled' then 1.0 when 'breached' then 0.0 end) as is_fulfilled
    from {{ ref('rule_outcomes') }}
    where
        rule_id in (
            select cases.measure_item from cases
            where cases.measure = 'share_rule_fulfilled'
        )
    group by process_id, case_id, rule_id
),

told as (
    select
        cases.*,
        coalesce(acts.n_events, 0) as n_events,
        coalesce(acts.n_activities, 0) as n_activities,
        coalesce(acts.n_talks, 0) as n_talks,
        coalesce(acts.caseworker_changes, 0) as caseworker_changes,
        acts.first_item_on,
        judged.is_fulfilled,
        if(cases.measure = 'days_to_first_talk', acts.first_talk_on, acts.first_item_on) as first_on,
        least(cases.ended_on, cases.registered_on + cases.follow_up_days) as open_until_on
    from cases
    left join acts
        on
            cases.initiative_id = acts.initiative_id
            and cases.arm = acts.arm
            and cases.process_id = acts.process_id
            and cases.case_id = acts.case_id
    left join judged
        on
            cases.process_id = judged.process_id
            and cases.case_id = judged.case_id
            and cases.measure_item = judged.rule_id
)

select
    told.initiative_id,
    told.arm,
    told.is_after,
    told.period_number,
    told.process_id,
    told.case_id,
    told.is_first_of_citizen,
    cast(
        case told.measure
            when 'lead_time_days' then date_diff('day', told.registered_on, told.open_until_on)
            when 'working_days' then last_day.working_day_number - first_day.working_day_number
            when 'n_talks' then told.n_talks
            when 'n_events' then told.n_events
            when 'n_repeated_events' then told.n_events - told.n_activities
            when 'caseworker_changes' then told.caseworker_changes
            when 'share_with_activity' then if(told.first_item_on is null, 0, 1)
            when 'share_rule_fulfilled' then told.is_fulfilled
            else
                case
                    when told.first_on is not null
                        then date_diff('day', told.registered_on, told.first_on)
                    when told.ended_on < told.registered_on + told.follow_up_days then null
                    else told.follow_up_days
                end
        end as double
    ) as measured
from told
left join {{ ref('int_working_days') }} as first_day on told.registered_on = first_day.day_on
left join {{ ref('int_working_days') }} as last_day on told.open_until_on = last_day.day_on
