-- One row per process, system, week and word of a closed list: by which row of the mappings an event came
-- in, and who held a talk. Of codes that no mapping knows there is no event: they are counted per system and
-- table, never by name.
with told as (
    select
        steps.process_id,
        steps.system_id,
        steps.activity_code,
        steps.mapping_id,
        steps.responsible_party,
        occurred.week_on as occurred_week_on,
        count(*) as n_events
    from {{ ref('int_quality_steps') }} as steps
    inner join {{ ref('int_change_days') }} as occurred on steps.occurred_on = occurred.day_on
    group by
        steps.process_id, steps.system_id, steps.activity_code, steps.mapping_id,
        steps.responsible_party, occurred.week_on
)

select
    process_id,
    system_id,
    occurred_week_on,
    activity_code,
    'party' as what,
    responsible_party as word,
    sum(n_events) as n_events
from told
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
from told
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
