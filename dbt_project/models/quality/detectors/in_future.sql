-- An event later than the day its delivery was made has not happened yet: a plan told as a fact, or a
-- mistyped year. Flagged in core.event_time_flags; its share is judged by EV-001 on quality_events.
-- Not meant: an act of the day of the delivery itself.
select
    'in_future' as pattern_id,
    steps.event_id,
    steps.process_id,
    steps.case_id
from {{ ref('int_quality_steps') }} as steps
inner join {{ ref('event_time_flags') }} as flags
    on steps.event_id = flags.event_id and flags.flag = 'after_delivery'
