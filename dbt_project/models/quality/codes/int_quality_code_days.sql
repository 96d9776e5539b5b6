-- Which codes each table told on which day, and what they were taken to mean: the few rows that the rules
-- about codes look at instead of the many acts. Acts without a mapping are here, other rejected rows are not.
select
    system_id,
    source_table,
    source_code,
    occurred_on,
    activity_id,
    mapping_id,
    count(*) as n_rows
from {{ ref('int_events_judged') }}
where reject_reason is null or reject_reason = 'unmapped_code'
group by all
