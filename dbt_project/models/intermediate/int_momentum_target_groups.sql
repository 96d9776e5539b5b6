-- A period in a target group is told as its start and its end.
with target_groups as (
    select * from {{ ref('stg_momentum__target_groups') }}
),

-- A re-assessment between groups of one process (6.2 to 6.3) is no new first contact: the law's clock
-- runs from the contact with the municipality, not from the change of group.
group_periods as (
    select
        periods.*,
        coalesce(
            earlier.end_on >= periods.start_on - 1
            and earlier.target_group <> periods.target_group
            and exists (
                select 1 from {{ ref('processes') }} as processes
                where
                    list_contains(string_split(processes.target_groups, '|'), periods.target_group)
                    and list_contains(string_split(processes.target_groups, '|'), earlier.target_group)
            ),
            false
        ) as continues_a_process
    from target_groups as periods
    left join (
        select
            target_group_row_id,
            lag(end_on) over by_start as end_on,
            lag(target_group) over by_start as target_group
        from target_groups
        where row_state = 'current'
        window by_start as (partition by citizen_key order by start_on, target_group_row_id)
    ) as earlier
        on periods.row_state = 'current' and periods.target_group_row_id = earlier.target_group_row_id
),

group_starts as (
    select
        'target_groups' as source_table,
        target_group_row_id || '|start' as source_key,
        citizen_key,
        target_group_row_id as case_key,
        case when continues_a_process then 'continue:' else 'start:' end || target_group as source_code,
        {{ local_midnight('start_on') }} as occurred_at,
        'day' as occurred_precision,
        start_on_flag as occurred_flag,
        registered_at,
        registered_at_precision as registered_precision,
        updated_at as changed_at,
        'system' as resource_type,
        cast(null as varchar) as responsible_party,
        cast(null as varchar) as org_unit_id,
        cast(null as varchar) as object_type,
        cast(null as varchar) as object_key,
        cast(null as varchar) as not_an_event,
        row_state,
        delivery_id,
        delivered_on,
        source_file,
        source_row
    from group_periods
),

group_ends as (
    select
        'target_groups' as source_table,
        target_group_row_id || '|end' as source_key,
        citizen_key,
        target_group_row_id as case_key,
        'end:' || coalesce(end_reason, 'ANDET') as source_code,
        {{ local_midnight('end_on') }} as occurred_at,
        'day' as occurred_precision,
        end_on_flag as occurred_flag,
        case when {{ local_date('registered_at') }} >= end_on then registered_at end as registered_at,
        registered_at_precision as registered_precision,
        updated_at as changed_at,
        'system' as resource_type,
        cast(null as varchar) as responsible_party,
        cast(null as varchar) as org_unit_id,
        cast(null as varchar) as object_type,
        cast(null as varchar) as object_key,
        -- an end that lies ahead is a plan
        case when end_on > delivered_on then 'not_yet' end as not_an_event,
        row_state,
        delivery_id,
        delivered_on,
        source_file,
        source_row
    from target_groups
    where end_on is not null
)

select * from group_starts
union all by name
select * from group_ends
