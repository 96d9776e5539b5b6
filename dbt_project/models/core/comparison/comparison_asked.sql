-- One row per comparison and side. A filter that this municipality has no case of may not be there at all
-- (a year, a unit): then it has no number, and nothing can be compared.
with sides as (
    select
        *,
        1 as side,
        first_filter_id as filter_id
    from {{ ref('comparisons') }}
    union all by name
    select
        *,
        2 as side,
        second_filter_id as filter_id
    from {{ ref('comparisons') }}
)

select
    sides.comparison_id,
    cast(sides.side as tinyint) as side,
    sides.filter_id,
    sides.follow_up_days,
    filters.filter_number,
    coalesce(filters.sentence_da, sides.filter_id) as sentence_da,
    coalesce(filters.sentence_en, sides.filter_id) as sentence_en,
    coalesce(filters.process_id, split_part(sides.filter_id, '/', 1)) as process_id
from sides
left join {{ ref('case_filters') }} as filters on sides.filter_id = filters.filter_id
