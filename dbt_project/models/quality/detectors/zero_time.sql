-- A time that is no time: exactly midnight in a source that tells hours, or the date a system writes where
-- it knows none. Which those are is told by `time_artefacts` and flagged in core.event_time_flags.
-- Not meant: a date that comes as a date (its precision says so), an hour that is only near midnight.
select distinct
    'zero_time' as pattern_id,
    steps.event_id,
    steps.process_id,
    steps.case_id
from {{ ref('int_quality_steps') }} as steps
inner join {{ ref('event_time_flags') }} as flags
    on steps.event_id = flags.event_id
where flags.flag in ('midnight', 'utc_midnight', 'placeholder_date')
