-- Many rows registered in the same second by one system and unit were written by a program or caught up on
-- in one go: when they were registered says nothing of when the work was done. Flagged in
-- core.event_time_flags; how many rows are a batch is a row of `time_artefacts`.
-- Not meant: the acts of one row, and as many rows in a minute that is told without seconds.
select
    'batch_registration' as pattern_id,
    steps.event_id,
    steps.process_id,
    steps.case_id
from {{ ref('int_quality_steps') }} as steps
inner join {{ ref('event_time_flags') }} as flags
    on steps.event_id = flags.event_id and flags.flag = 'batch_second'
