{{ config(meta={'dagster': {'ref': {'name': 'deliveries'}}}) }}
-- Per delivery and table: the rows that lie in the lake are the rows the reader said it loaded, and the
-- reader's own sum holds: rows in the file = loaded + rejected + exact duplicates.
with lake as (
    select
        'contacts' as table_name,
        delivery_id
    from {{ source('lake', 'momentum_contacts') }}
    union all
    select
        'tasks' as table_name,
        delivery_id
    from {{ source('lake', 'momentum_tasks') }}
    union all
    select
        'caseworkers' as table_name,
        delivery_id
    from {{ source('lake', 'momentum_caseworkers') }}
    union all
    select
        'target_groups' as table_name,
        delivery_id
    from {{ source('lake', 'momentum_target_groups') }}
    union all
    select
        'offers' as table_name,
        delivery_id
    from {{ source('lake', 'momentum_offers') }}
    union all
    select
        'absences' as table_name,
        delivery_id
    from {{ source('lake', 'momentum_absences') }}
    union all
    select
        'cpr_changes' as table_name,
        delivery_id
    from {{ source('lake', 'momentum_cpr_changes') }}
    union all
    select
        'haendelser' as table_name,
        delivery_id
    from {{ source('lake', 'fasit_haendelser') }}
    union all
    select
        'events' as table_name,
        delivery_id
    from {{ source('lake', 'event_log_events') }}
    union all
    select
        'events' as table_name,
        delivery_id
    from {{ source('lake', 'object_log_events') }}
    union all
    select
        'objects' as table_name,
        delivery_id
    from {{ source('lake', 'object_log_objects') }}
    union all
    select
        'event_objects' as table_name,
        delivery_id
    from {{ source('lake', 'object_log_event_objects') }}
    union all
    select
        'object_objects' as table_name,
        delivery_id
    from {{ source('lake', 'object_log_object_objects') }}
    union all
    select
        'object_attributes' as table_name,
        delivery_id
    from {{ source('lake', 'object_log_object_attributes') }}
),

found as (
    select
        table_name,
        delivery_id,
        count(*) as n_rows
    from lake
    group by table_name, delivery_id
),

counted as (
    select
        table_name,
        delivery_id,
        sum(rows_loaded) as n_rows,
        bool_and(rows_in_file = rows_loaded + rows_rejected + exact_duplicates) as is_conserved
    from {{ ref('deliveries') }}
    group by table_name, delivery_id
)

select
    coalesce(counted.table_name, found.table_name) as table_name,
    coalesce(counted.delivery_id, found.delivery_id) as delivery_id,
    counted.n_rows as n_counted,
    found.n_rows as n_found
from counted
full outer join found
    on counted.table_name = found.table_name and counted.delivery_id = found.delivery_id
where
    coalesce(counted.n_rows, 0) <> coalesce(found.n_rows, 0)
    or not counted.is_conserved
