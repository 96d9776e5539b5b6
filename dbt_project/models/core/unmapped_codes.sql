select
    {{ municipality_id() }} as municipality_id,
    system_id,
    source_table,
    source_code,
    min(occurred_on) as first_on,
    max(occurred_on) as last_on,
    count(*) as n_rows,
    count(distinct citizen_key) as n_citizens
from {{ ref('int_events_judged') }}
where reject_reason = 'unmapped_code'
group by all
