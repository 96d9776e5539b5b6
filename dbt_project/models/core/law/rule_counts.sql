-- What was done of what a rule asks for: facts of a judgement, no verdict yet. Acts count from the day the
-- window opens; those on its last day count, those after it tell only how late. Before an act that needs
-- another one first (precedence), the other counts when it came earlier; of a day whose order nobody
-- recorded, in favour of those who did the work.
with windows as (
    select * from {{ ref('rule_windows') }}
),

wanted as (
    select distinct unnest(string_split(required_activity_id, '|')) as activity_id
    from {{ ref('rules') }}
),

acts as (
    select event_log.* from {{ ref('event_log') }} as event_log
    inner join wanted on event_log.activity_id = wanted.activity_id
),

matched as (
    select
        windows.judgement_number,
        windows.required_count,
        acts.occurred_on,
        case
            when windows.kind = 'precedence'
                then
                    acts.event_number < windows.anchor_number
                    or (
                        acts.occurred_on = windows.anchor_on
                        and 'day' in (acts.occurred_precision, windows.anchor_precision)
                    )
            else acts.occurred_on <= coalesce(windows.due_less_stops_on, date '9999-12-31')
        end as is_in_window,
        coalesce(
            {{ list_has_or_empty('windows.responsible_party', 'acts.responsible_party') }}, false
        ) as is_by_party,
        windows.responsible_party is not null and acts.responsible_party is null as is_by_unknown
    from windows
    inner join acts
        on
            windows.process_id = acts.process_id
            and windows.case_id = acts.case_id
            and list_contains(string_split(windows.required_activity_id, '|'), acts.activity_id)
    where
        (
            windows.kind = 'precedence' or windows.anchor_activity_id is null
            or acts.occurred_on >= windows.window_starts_on
        )
        and (windows.anchor_activity_id is null or windows.anchor_on is not null)
        and (windows.opens_activity_id is null or windows.opened_on is not null)
        -- under a law that goes by events an act is forbidden only while that law holds
        and (
            windows.kind <> 'forbidden' or windows.applies_by <> 'event'
            or {{ valid_at('acts.occurred_on', 'windows.valid_from', 'windows.valid_to') }}
        )
),

counted as (
    select
        judgement_number,
        count(*) filter (where is_in_window and is_by_party) as counted,
        count(*) filter (where is_in_window and is_by_unknown) as counted_by_unknown,
        min(occurred_on) filter (where is_by_party) as first_on,
        list_sort(list(occurred_on) filter (where is_by_party))[any_value(required_count)] as reached_on
    from matched
    group by judgement_number
),

exempted as (
    select
        windows.judgement_number,
        min(periods.exemption_id) as exemption_id
    from windows
    inner join {{ ref('exempt_periods') }} as periods
        on coalesce(windows.citizen_id, windows.case_id) = periods.bearer_id
    inner join {{ ref('exemptions') }} as exemptions
        on
            periods.exemption_id = exemptions.exemption_id
            and exemptions.effect = 'exempts'
            and list_contains(string_split(exemptions.rule_id, '|'), windows.rule_id)
    where
        periods.starts_on <= coalesce(windows.due_less_stops_on, windows.ended_on, date '9999-12-31')
        and coalesce(periods.ends_on, date '9999-12-31')
        > coalesce(windows.window_starts_on, windows.anchor_on, windows.registered_on)
    group by windows.judgement_number
)

select
    windows.*,
    as_of.as_of_on,
    exempted.exemption_id,
    counted.first_on,
    counted.reached_on,
    coalesce(counted.counted, 0) as counted,
    coalesce(counted.counted_by_unknown, 0) as counted_by_unknown,
    -- closed while the window was open: nobody can say what would have been done
    coalesce(windows.ended_on <= windows.due_less_stops_on, false) as is_closed_before_due,
    coalesce(as_of.as_of_on <= windows.due_less_stops_on, false) as is_window_open,
    coalesce(windows.opened_on > windows.due_less_stops_on, false) as is_opened_after_due,
    windows.opens_activity_id is not null and windows.opened_on is null as is_never_opened
from windows
cross join {{ ref('int_as_of') }} as as_of
left join counted on windows.judgement_number = counted.judgement_number
left join exempted on windows.judgement_number = exempted.judgement_number
