{{ config(meta={'dagster': {'ref': {'name': 'variants'}}}) }}
-- The variant id is a hash: cases that share one must share the path's length, and no path may have
-- two ids.
select
    process_id,
    regime_id,
    activities
from {{ ref('variants') }}
group by process_id, regime_id, activities
having count(*) > 1 or min(len(activities)) <> min(n_events)
