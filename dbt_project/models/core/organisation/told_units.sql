-- The units that may be told of by name, with the periods in which they may: a unit of fewer people than the
-- minimum group is a few persons' work, and so is a unit whose size nobody told (registry/unit_sizes).
-- What is left when these are subtracted from the whole must not be a few persons' work either: where the
-- others together are too few, the smallest that could be told stays with them.
with sizes as (
    select
        org_unit_id,
        min(n_staff) as least_staff
    from {{ ref('unit_sizes') }}
    where municipality_id = {{ municipality_id() }}
    group by org_unit_id
),

seen as (
    select
        units.org_unit_id,
        units.unit_number,
        coalesce(sizes.least_staff, 0) as least_staff,
        coalesce(sizes.least_staff >= {{ min_group_size() }}, false) as is_large
    from {{ ref('org_units') }} as units
    left join sizes on units.org_unit_id = sizes.org_unit_id
),

others as (
    select
        count(*) as n_units,
        coalesce(sum(least_staff), 0) as n_staff
    from seen
    where not is_large
),

large as (
    select
        seen.org_unit_id,
        seen.unit_number,
        row_number() over (order by seen.least_staff, seen.org_unit_id) as place,
        others.n_units > 0 and others.n_staff < {{ min_group_size() }} as others_are_few
    from seen
    cross join others
    where seen.is_large
)

select
    large.org_unit_id,
    large.unit_number,
    sizes.label_da,
    sizes.label_en,
    sizes.n_staff,
    sizes.valid_from,
    sizes.valid_to
from large
inner join {{ ref('unit_sizes') }} as sizes
    on large.org_unit_id = sizes.org_unit_id and sizes.municipality_id = {{ municipality_id() }}
where large.place > 1 or not large.others_are_few
