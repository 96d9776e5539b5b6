-- One row per legal change and mapping of a code that it began or ended: on its own day, or by giving the
-- code another meaning from the day on which the former one ends. A mapping that carries the change and is
-- dated by neither of its days is of it all the same.
with mappings as (
    select * from {{ ref('activity_mappings') }}
),

dated as (
    select
        mappings.*,
        changes.effective_on
    from mappings
    inner join {{ ref('legal_changes') }} as changes on mappings.change_id = changes.change_id
)

select
    change_id,
    'mapping_begun' as what,
    mapping_id
from dated
where valid_from = effective_on

union

select
    change_id,
    'mapping_ended' as what,
    mapping_id
from dated
where valid_to = effective_on

union

select
    later.change_id,
    'mapping_ended' as what,
    former.mapping_id
from dated as later
inner join mappings as former
    on
        later.valid_from = former.valid_to
        and later.system_id = former.system_id
        and later.municipality_id is not distinct from former.municipality_id
        and later.source_table = former.source_table
        and later.source_code = former.source_code
where later.valid_from = later.effective_on

union

select
    change_id,
    'mapping_of_change' as what,
    mapping_id
from dated
where valid_from is distinct from effective_on and valid_to is distinct from effective_on
