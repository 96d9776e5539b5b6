{{ config(meta={'dagster': {'ref': {'name': 'deliveries'}}}) }}
-- Per file: rows in the file = rows loaded + rows rejected + exact duplicates, as the reader counted.
select
    delivery_id,
    source_file,
    rows_in_file,
    rows_loaded,
    rows_rejected,
    exact_duplicates
from {{ ref('deliveries') }}
where rows_in_file <> rows_loaded + rows_rejected + exact_duplicates
