{{ config(materialized='ephemeral') }}
-- Codes on days outside their time, by the day of the act: one row per code, day and bound. An act that was
-- written down after the end but happened before it is in time.
with days as (
    select * from {{ ref('int_quality_code_days') }}
),

bounds as (
    select * from {{ ref('int_quality_code_bounds') }}
),

-- Between two validities of a code both bounds are broken: the nearer one tells what happened.
unmapped as (
    select
        days.*,
        bounds.bound,
        bounds.change_id
    from days
    inner join bounds
        on
            days.system_id = bounds.system_id
            and days.source_table = bounds.source_table
            and days.source_code = bounds.source_code
    where
        days.activity_id is null
        and if(bounds.bound = 'end', days.occurred_on >= bounds.bound_on, days.occurred_on < bounds.bound_on)
    qualify
        row_number() over (
            partition by days.system_id, days.source_table, days.source_code, days.occurred_on
            order by abs(days.occurred_on - bounds.bound_on), bounds.bound, bounds.mapping_id
        ) = 1
),

-- a code whose mapping carries a change and no day is mapped on days on which that law was not yet
early as (
    select
        days.*,
        bounds.bound,
        bounds.change_id
    from days
    inner join bounds on days.mapping_id = bounds.mapping_id
    where bounds.bound = 'start' and days.occurred_on < bounds.bound_on
),

-- A process that a change ended takes no new cases; who was in it goes on. So its start is over, unless
-- another process that still runs begins with the same act.
starts as (
    select
        processes.process_id,
        unnest(string_split(processes.start_activities, '|')) as activity_id
    from {{ ref('processes') }} as processes
    where processes.start_activities <> ''
),

last_regimes as (
    select
        process_id,
        max(coalesce(valid_to, date '9999-12-31')) as ends_on,
        arg_max(ended_by_change_id, valid_from) as change_id
    from {{ ref('regimes') }}
    group by process_id
),

ended as (
    select
        starts.activity_id,
        max(coalesce(last_regimes.ends_on, date '9999-12-31')) as ends_on,
        arg_max(last_regimes.change_id, last_regimes.ends_on) as change_id
    from starts
    left join last_regimes on starts.process_id = last_regimes.process_id
    group by starts.activity_id
),

late as (
    select
        days.*,
        'end' as bound,
        ended.change_id
    from days
    inner join ended on days.activity_id = ended.activity_id
    inner join {{ ref('legal_changes') }} as changes on ended.change_id = changes.change_id
    where days.occurred_on >= ended.ends_on and changes.status in ('in_force', 'ended')
)

select * from unmapped
union all
select * from early
union all
select * from late
