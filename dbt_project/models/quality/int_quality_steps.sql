-- The one walk over the log that the detectors of quality share: each event of each case with the step
-- before and after it and all its times. Detectors group and filter; none of them sorts the log again.
with walked as (
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
        event_log.delivery_id,
        lag(event_log.activity_code) over one_case as previous_activity_code,
        lead(event_log.activity_code) over one_case as next_activity_code,
        lag(event_log.occurred_at) over one_case as previous_at,
        lead(event_log.occurred_at) over one_case as next_at,
        lag(event_log.occurred_precision) over one_case as previous_precision
    from {{ ref('event_log') }} as event_log
    window one_case as (
        partition by event_log.process_id, event_log.case_id order by event_log.event_number
    )
)

select
    walked.* exclude (previous_precision),
    -- of an act known by its day only nobody knows how long ago it was
    case
        when walked.occurred_precision <> 'day' and walked.previous_precision <> 'day'
            then (epoch_us(walked.occurred_at) - epoch_us(walked.previous_at)) / 1e6
    end as seconds_since_previous,
    events.registered_at,
    events.registered_precision,
    events.changed_at,
    events.started_at,
    events.ended_at,
    events.system_id,
    events.source_table
from walked
inner join {{ ref('events') }} as events on walked.event_id = events.event_id
