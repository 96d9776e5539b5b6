-- noqa: disable=LT02
-- What is wrong with each delivery, in counts: the rows of the report to its sender. `code` says what, within
-- its `kind`; `n_checked` is what `n_found` was found among. No value of a row stands here.
with told as (
    {%- for part in [
        'told_at_reading', 'told_of_acts', 'told_of_files', 'told_of_patterns', 'told_of_codes',
        'told_of_labels',
    ] %}
    select * from {{ ref(part) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    {{ municipality_id() }} as municipality_id,
    told.system_id,
    told.delivery_id,
    told.source_table,
    told.kind,
    told.code,
    told.column_name,
    told.detail,
    cast(told.n_found as bigint) as n_found,
    sizes.n_checked,
    list_transform(told.first_places, lambda one: one.source_file || ':' || one.source_row)  -- noqa: RF01
        as first_places
from told
left join {{ ref('delivery_sizes') }} as sizes
    on
        told.system_id = sizes.system_id
        and told.delivery_id = sizes.delivery_id
        and told.source_table = sizes.source_table
        and told.kind = sizes.kind
