-- The filters whose figures are published: all but those by unit. How many people work in a unit is not in
-- the data, and a unit of one or two is a person's work.
select *
from {{ ref('case_filters') }}
where not list_contains(fields, 'unit')
