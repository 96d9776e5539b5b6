{{ config(materialized='table') }}
-- One row per pseudonym that is not in use any more, with the one its citizen is known under today.
select
    old_citizen_key,
    any_value(citizen_key) as citizen_key
from {{ ref('stg_citizen_links') }}
where fault is null
group by old_citizen_key
