-- One row per process, system, week and word of a closed list: by which row of the mappings an event came
-- in, and who held a talk. Of codes that no mapping knows there is no event: they are counted per system and
-- table, never by name.
select
    process_id,
    system_id,
    occurred_week_on,
    activity_code,
    'party' as what,
    responsible_party as word,
    sum(n_events) as n_events
from {{ ref('event_weeks') }}
where responsible_party is not null
group by process_id, system_id, occurred_week_on, activity_code, responsible_party

union all by name

select
    process_id,
    system_id,
    occurred_week_on,
    'mapping' as what,
    mapping_id as word,
    sum(n_events) as n_events
from {{ ref('event_weeks') }}
where mapping_id is not null
group by process_id, system_id, occurred_week_on, mapping_id

union all by name

select
    judged.system_id,
    occurred.week_on as occurred_week_on,
    'unmapped' as what,
    judged.source_table as word,
    count(*) as n_events
from {{ ref('int_events_judged') }} as judged
inner join {{ ref('int_change_days') }} as occurred on judged.occurred_on = occurred.day_on
where judged.reject_reason = 'unmapped_code'
group by judged.system_id, occurred.week_on, judged.source_table
