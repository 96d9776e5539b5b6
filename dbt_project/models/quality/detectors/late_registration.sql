-- Registered long after it happened: the newest months look emptier than they were, and the time is a
-- memory. Its share is judged by EV-005 on quality_events.
-- Not meant: an act whose registration nobody tells, or which was registered before it happened.
select
    'late_registration' as pattern_id,
    event_id,
    process_id,
    case_id
from {{ ref('int_quality_steps') }}
where registered_at - occurred_at > {{ limit('late_registration_days') }} * interval 1 day
