-- Every case judged by the rules of the law it belongs to: rows joined to events, no rule in code.
-- `population_share` has no individual breach by its nature and never appears here: see population_shares.
-- The verdict is one word and, where it needs one, its reason.
with facts as (
    select * from {{ ref('rule_counts') }}
    where kind <> 'population_share'
),

judged as (
    select
        *,
        case
            when is_fund_missing then 'not_computable fund_missing'
            when clock <> 'calendar' then 'not_computable clock_not_in_data'
            when anchor_activity_id is not null and anchor_on is null
                then case
                    when is_anchored_at_start then 'not_computable no_anchor_event'
                    when ended_on is null then 'pending'
                    else 'not_applicable anchor_did_not_happen'
                end
            when kind = 'forbidden' and exemption_id is not null then 'exempt ' || exemption_id
            when kind = 'forbidden'
                then case
                    when counted > 0 then 'breached'
                    when ended_on is null and (due_on is null or is_window_open) then 'pending'
                    when counted_by_unknown > 0 then 'not_computable responsible_party_missing'
                    else 'fulfilled'
                end
            when counted >= required_count then 'fulfilled'
            when exemption_id is not null then 'exempt ' || exemption_id
            when is_closed_before_due then 'not_applicable closed_before_due'
            when is_opened_after_due then 'not_applicable opened_after_due'
            when is_window_open then 'pending'
            when kind = 'required' and due_on is null and ended_on is null then 'pending'
            when is_never_opened then 'not_computable no_opening_event'
            when counted + counted_by_unknown >= required_count
                then 'not_computable responsible_party_missing'
            else 'breached'
        end as verdict
    from facts
),

-- The days between the anchor and the act that fulfilled the rule which did not count.
removed as (
    select
        facts.judgement_number,
        sum(date_diff('day', days.starts_on, least(days.ends_on, facts.reached_on + 1))) as n_days
    from facts
    inner join {{ ref('removed_days') }} as days
        on facts.judgement_number = days.judgement_number and facts.reached_on >= days.starts_on
    group by facts.judgement_number
)

select
    judged.process_id,
    judged.case_id,
    judged.citizen_id,
    judged.rule_id,
    judged.version,
    judged.regime_id,
    judged.target_group,
    judged.kind,
    judged.anchor_on,
    judged.window_starts_on,
    judged.due_on,
    judged.due_less_stops_on,
    judged.removed_days,
    judged.first_on,
    judged.reached_on,
    judged.counted,
    judged.required_count,
    split_part(judged.verdict, ' ', 1) as outcome,
    nullif(split_part(judged.verdict, ' ', 2), '') as reason,
    case
        when judged.kind = 'deadline' and judged.verdict = 'breached'
            then date_diff('day', judged.due_less_stops_on, judged.first_on)
    end as days_late,
    -- three durations from the anchor to the act that reached the number asked for
    date_diff('day', judged.anchor_on, judged.reached_on) as calendar_days,
    cast(date_diff('day', judged.anchor_on, judged.reached_on) - coalesce(removed.n_days, 0) as bigint)
        as counted_days,
    last_day.working_day_number - first_day.working_day_number as working_days
from judged
left join removed on judged.judgement_number = removed.judgement_number
left join {{ ref('int_working_days') }} as first_day on judged.anchor_on = first_day.day_on
left join {{ ref('int_working_days') }} as last_day on judged.reached_on = last_day.day_on
