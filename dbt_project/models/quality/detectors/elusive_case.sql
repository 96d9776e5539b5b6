-- Elusive case (Suriadi et al. 2017, pattern 5): an act of which nobody can say to which case it belongs.
-- Here: an event that is in no case of any process, so process and case are empty. Counted per system and
-- table in quality_rows (events_outside_cases, judged by RW-005).
-- Not meant: an event that is in the case of one process and not in those of another.
select
    'elusive_case' as pattern_id,
    events.event_id,
    cast(null as varchar) as process_id,
    cast(null as varchar) as case_id
from {{ ref('events') }} as events
anti join {{ ref('event_log') }} as event_log on events.event_id = event_log.event_id
