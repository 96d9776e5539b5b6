-- One row per act that a source row tells of, from every system, in the same columns.
select
    'momentum' as system_id,
    *
from {{ ref('int_momentum_events') }}
union all by name
select
    'fasit' as system_id,
    *
from {{ ref('int_fasit_events') }}
union all by name
select
    'event_log' as system_id,
    *
from {{ ref('int_event_log_events') }}
union all by name
select
    'object_log' as system_id,
    *
from {{ ref('int_object_log_events') }}
