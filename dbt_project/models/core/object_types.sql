-- What the types of objects are called. A type that only an object log knows is called by its id.
with names as (
    select names.* from (
        values
        ('course', 'Forløb', 'Course'),
        ('citizen', 'Borger', 'Citizen'),
        ('contact', 'Samtale', 'Contact'),
        ('plan', 'Plan', 'Plan'),
        ('offer', 'Tilbud', 'Offer'),
        ('absence', 'Fravær', 'Absence'),
        ('sanction', 'Sanktion', 'Sanction'),
        ('unit', 'Enhed', 'Unit')
    ) as names (object_type, label_da, label_en)
)

select
    objects.object_type,
    coalesce(any_value(names.label_da), objects.object_type) as label_da,
    coalesce(any_value(names.label_en), objects.object_type) as label_en
from {{ ref('objects') }} as objects
left join names on objects.object_type = names.object_type
group by objects.object_type
