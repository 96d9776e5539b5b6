-- What each delivery changed of what had been told before it: rows inserted, changed, deleted, returned,
-- and which attributes were restated. Counted at the door (pm_pipeline/ingest/loading/mutability.py).
select
    municipality_id,
    system_id,
    table_name,
    delivery_id,
    compared_with,
    period,
    is_total,
    change,
    column_name,
    n_rows,
    n_citizens
from {{ source('lake', 'changes') }}
