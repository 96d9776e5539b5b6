-- One row per case that has events: how long, from when to when, and which path.
-- `path_sum`, `path_mix`: two independent order-sensitive hashes of the path, so that two paths are not
-- taken for one by chance.
select
    case_number,
    any_value(slice_number) as slice_number,
    cast(count(*) as integer) as n_events,
    min(occurred_at) as start_at,
    max(occurred_at) as end_at,
    max(occurred_on) as last_event_on,
    sum(hash(cast(activity_code as uinteger) * 65536 + event_number)) as path_sum,
    bit_xor(hash(event_number, activity_code)) as path_mix
from {{ ref('log_steps') }}
group by case_number
