{{ config(materialized='ephemeral') }}
-- Rows and values that did not fit their contract when a delivery was read.
select
    system_id,
    delivery_id,
    table_name as source_table,
    case when row_kept then 'rejected_value' else 'rejected_row' end as kind,
    reason as code,
    column_name,
    expected as detail,
    count(*) as n_found,
    min(struct_pack(source_file := source_file, source_row := source_row), 5) as first_places
from {{ ref('rejected_rows') }}
group by all
