-- One row per process, type of object and arc of the object-centric map: one activity followed directly by
-- another in the life of an object, a life beginning with an activity (from ▶) or ending with one (to ■).
-- Counts are told in steps (told_count): the lives of one type and of another are of the same events.
select
    {{ municipality_id() }} as municipality_id,
    follows.process_id,
    follows.object_type,
    types.label_da as object_label_da,
    types.label_en as object_label_en,
    follows.arc_kind,
    coalesce(follows.from_activity_id, '▶') as from_activity_id,
    coalesce(follows.to_activity_id, '■') as to_activity_id,
    coalesce(origins.label_da, 'Start') as from_label_da,
    coalesce(origins.label_en, 'Start') as from_label_en,
    coalesce(targets.label_da, 'Slut') as to_label_da,
    coalesce(targets.label_en, 'End') as to_label_en,
    {{ told_count('follows.n_occurrences') }} as n_occurrences,
    {{ told_count('follows.n_objects') }} as n_objects,
    {{ told_count('follows.n_cases') }} as n_cases,
    cast({{ told_citizens('follows.n_citizens') }} as bigint) as n_citizens
from {{ ref('object_follows') }} as follows
inner join {{ ref('object_types') }} as types on follows.object_type = types.object_type
left join {{ ref('activity_codes') }} as origins on follows.from_activity_id = origins.activity_id
left join {{ ref('activity_codes') }} as targets on follows.to_activity_id = targets.activity_id
where follows.n_citizens >= {{ min_group_size() }}
