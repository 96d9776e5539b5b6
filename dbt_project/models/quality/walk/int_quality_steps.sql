-- The one walk over the log that the detectors of quality share: each event of each case with the step
-- before and after it and all its times. Detectors group and filter; none of them sorts the log again.
-- Joined first and walked after: the log streams past the table of events in its own order, which costs a
-- third less than the other way round.
with logged as (
    select
        event_log.process_id,
        event_log.case_id,
        event_log.event_number,
        event_log.event_id,
        event_log.regime_id,
        event_log.activity_code,
        event_log.occurred_at,
        event_log.occurred_on,
        event_log.occurred_precision,
        event_log.resource_type,
        event_log.org_unit_id,
        event_log.responsible_party,
        event_log.delivery_id,
        events.registered_at,
        events.registered_precision,
        events.changed_at,
        events.started_at,
        events.ended_at,
        events.system_id,
        events.source_table,
        events.mapping_id
    from {{ ref('event_log') }} as event_log
    inner join {{ ref('events') }} as events on event_log.event_id = events.event_id
),

walked as (
    select
        *,
        lag(activity_code) over one_case as previous_activity_code,
        lead(activity_code) over one_case as next_activity_code,
        lag(occurred_at) over one_case as previous_at,
        lead(occurred_at) over one_case as next_at,
        lag(occurred_precision) over one_case as previous_precision
    from logged
    window one_case as (partition by process_id, case_id order by event_number)
)

select
    * exclude (previous_precision),
    -- of an act known by its day only nobody knows how long ago it was
    case
        when occurred_precision <> 'day' and previous_precision <> 'day'
            then (epoch_us(occurred_at) - epoch_us(previous_at)) / 1e6
    end as seconds_since_previous
from walked
