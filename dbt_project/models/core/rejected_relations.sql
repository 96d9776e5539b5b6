-- Relations of object-centric logs that are not in `event_objects` or `object_objects`, each with the one
-- reason why: together they are every relation that was delivered.
select
    {{ municipality_id() }} as municipality_id,
    'object_log' as system_id,
    relations.source_table,
    coalesce(relations.reject_reason, 'event_rejected') as reason,
    relations.delivery_id,
    relations.source_file,
    relations.source_row
from {{ ref('int_object_log_relations') }} as relations
left join {{ ref('events') }} as events
    on relations.source_table = 'event_objects' and relations.source_id = events.event_id
where
    relations.reject_reason is not null
    or (relations.source_table = 'event_objects' and events.event_id is null)
