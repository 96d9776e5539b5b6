-- Written in the order it is read: (process, case, event number). Everything downstream relies on
-- event_number, never on file order.
-- Within a case: the Danish day; within the day the hour, and an act of which only the day is known
-- stands before the first timed act that its kind usually precedes (sort_rank), else last: who is
-- de-registered that day still came to the talk at ten. Equal moments go by rank, then as their files
-- tell them, and by event_id at the last.
with log as (
    select
        notions.process_id,
        notions.case_id,
        events.event_id,
        events.activity_id,
        activities.activity_code,
        activities.sort_rank,
        events.occurred_at,
        events.occurred_on,
        events.occurred_precision,
        case notions.applies_by
            when 'event' then event_regimes.regime_id
            else notions.regime_id
        end as regime_id,
        events.delivery_id,
        events.delivered_on,
        events.source_file,
        events.source_row,
        events.responsible_party,
        events.resource_type,
        events.org_unit_id
    from {{ ref('int_case_notions') }} as notions
    inner join {{ ref('case_events') }} as case_events
        on notions.process_id = case_events.process_id and notions.case_id = case_events.case_id
    inner join {{ ref('events') }} as events on case_events.event_id = events.event_id
    inner join {{ ref('activity_codes') }} as activities on events.activity_id = activities.activity_id
    left join {{ ref('regimes') }} as event_regimes
        on
            notions.applies_by = 'event'
            and notions.process_id = event_regimes.process_id
            and {{ valid_at('events.occurred_on', 'event_regimes.valid_from', 'event_regimes.valid_to') }}
),

placed as (
    select
        *,
        case
            when occurred_precision <> 'day' then occurred_at
            else
                min(case when occurred_precision <> 'day' then occurred_at end) over (
                    partition by process_id, case_id, occurred_on
                    order by sort_rank desc
                    range between unbounded preceding and 1 preceding
                )
        end as placed_at
    from log
)

select
    process_id,
    case_id,
    event_id,
    cast(row_number() over (
        partition by process_id, case_id
        order by
            occurred_on, placed_at nulls last, sort_rank, delivered_on, source_file, source_row,
            event_id
    ) as integer) as event_number,
    activity_id,
    activity_code,
    sort_rank,
    occurred_at,
    occurred_on,
    occurred_precision,
    regime_id,
    delivery_id,
    responsible_party,
    resource_type,
    org_unit_id
from placed
order by process_id, case_id, event_number
