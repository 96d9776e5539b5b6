{{ config(meta={'dagster': {'ref': {'name': 'rejected_relations'}}}) }}
-- Per delivery: the relations that lie in the lake = those that hold + those that are rejected.
with lake as (
    select
        'event_objects' as source_table,
        delivery_id
    from {{ source('lake', 'object_log_event_objects') }}
    union all
    select
        'object_objects' as source_table,
        delivery_id
    from {{ source('lake', 'object_log_object_objects') }}
),

delivered as (
    select
        source_table,
        delivery_id,
        count(*) as n_rows
    from lake
    group by source_table, delivery_id
),

holding as (
    select
        relations.source_table,
        relations.delivery_id,
        relations.source_id,
        relations.target_id,
        relations.qualifier
    from {{ ref('int_object_log_relations') }} as relations
    where relations.reject_reason is null
),

told as (
    select
        source_table,
        delivery_id,
        count(*) as n_rows
    from (
        select
            source_table,
            delivery_id
        from {{ ref('rejected_relations') }}
        union all
        select
            holding.source_table,
            holding.delivery_id
        from holding
        inner join {{ ref('event_objects') }} as kept
            on
                holding.source_table = 'event_objects'
                and holding.source_id = kept.event_id
                and holding.target_id = kept.object_id
                and holding.qualifier is not distinct from kept.qualifier
        union all
        select
            holding.source_table,
            holding.delivery_id
        from holding
        inner join {{ ref('object_objects') }} as kept
            on
                holding.source_table = 'object_objects'
                and holding.source_id = kept.source_object_id
                and holding.target_id = kept.target_object_id
                and holding.qualifier is not distinct from kept.qualifier
    )
    group by source_table, delivery_id
)

select
    coalesce(delivered.source_table, told.source_table) as source_table,
    coalesce(delivered.delivery_id, told.delivery_id) as delivery_id,
    delivered.n_rows as n_delivered,
    told.n_rows as n_told
from delivered
full outer join told using (source_table, delivery_id)
where coalesce(delivered.n_rows, 0) <> coalesce(told.n_rows, 0)
