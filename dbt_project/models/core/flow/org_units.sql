-- The units that events tell, each with the small number it is counted by.
select
    org_unit_id,
    cast(row_number() over (order by org_unit_id) as integer) as unit_number
from (
    select distinct org_unit_id
    from {{ ref('events') }}
    where org_unit_id is not null
)
