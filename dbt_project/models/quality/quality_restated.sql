-- Restated history per system and table: of the deliveries of the last year the one that changed the most
-- of it, and the one that deleted the most. A table that was delivered once is a row too, with nothing to
-- look at.
with tables as (
    select
        system_id,
        table_name as source_table,
        max(delivered_on) - cast({{ limit('restated_look_back_days') }} as integer) as from_on
    from {{ ref('deliveries') }}
    group by all
),

recent as (
    select
        tables.system_id,
        tables.source_table,
        restated.delivery_id,
        coalesce(restated.rows_of_history, 0) as rows_of_history,
        coalesce(restated.rows_changed, 0) as rows_changed,
        coalesce(restated.rows_deleted, 0) as rows_deleted
    from tables
    left join {{ ref('restated_deliveries') }} as restated
        on
            tables.system_id = restated.system_id
            and tables.source_table = restated.source_table
            and tables.from_on <= restated.delivered_on
),

placed as (
    select
        *,
        row_number() over (
            partition by system_id, source_table
            order by rows_changed / nullif(rows_of_history, 0) desc nulls last, delivery_id
        ) as place_by_changes,
        row_number() over (
            partition by system_id, source_table
            order by rows_deleted / nullif(rows_of_history, 0) desc nulls last, delivery_id
        ) as place_by_deletions
    from recent
),

worst as (
    select
        system_id,
        source_table,
        count(delivery_id) as deliveries,
        max(rows_of_history) filter (where place_by_changes = 1) as rows_before_changes,
        max(rows_changed) filter (where place_by_changes = 1) as history_rows_changed,
        max(rows_of_history) filter (where place_by_deletions = 1) as rows_before_deletions,
        max(rows_deleted) filter (where place_by_deletions = 1) as history_rows_deleted
    from placed
    group by system_id, source_table
)

select
    {{ municipality_id() }} as municipality_id,
    cast(null as varchar) as process_id,
    cast(null as varchar) as regime_id,
    system_id,
    source_table,
    deliveries,
    rows_before_changes,
    rows_before_deletions,
    -- null, not 0, when there was no history to restate: a suite then says NO_DATA, not PASS
    history_rows_changed,
    100.0 * history_rows_changed / nullif(rows_before_changes, 0) as history_rows_changed_percent,
    history_rows_deleted,
    100.0 * history_rows_deleted / nullif(rows_before_deletions, 0) as history_rows_deleted_percent
from worst
