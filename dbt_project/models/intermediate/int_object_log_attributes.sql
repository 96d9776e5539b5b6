-- The attributes of the objects of an object-centric log over time, as the current delivery of each object
-- tells them. The standard writes the first moment of 1970 for "from the beginning".
select
    objects.core_object_id as object_id,
    objects.object_key,
    attributes.attribute,
    attributes.value,
    nullif(attributes.changed_at, timestamp '1970-01-01') as changed_at,
    lead(attributes.changed_at) over (
        partition by objects.core_object_id, attributes.attribute
        order by attributes.changed_at, attributes.source_row
    ) as next_changed_at
from {{ source('lake', 'object_log_object_attributes') }} as attributes
inner join {{ ref('stg_object_log__objects') }} as objects
    on
        attributes.object_id = objects.object_key
        and attributes.delivery_id = objects.delivery_id
        and attributes.source_file = objects.source_file
where objects.row_state = 'current'
