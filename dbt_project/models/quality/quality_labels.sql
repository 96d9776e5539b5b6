-- noqa: disable=LT01,LT02
-- How many rows of a table carry a code that is not what it should be, one row per system and table. The
-- way a code was typed belongs to no process or regime, so those two are null.
{%- set patterns = ['polluted', 'distorted', 'synonymous', 'homonymous'] %}

with labels as (
    select
        system_id,
        source_table,
        count(*) as labels,
        sum(n_rows) as labelled_rows,
        count(*) filter (where not is_compared) as labels_not_compared
    from {{ ref('int_labels') }}
    group by system_id, source_table
),

found as (
    select
        system_id,
        source_table
        {%- for pattern in patterns %},
        sum(n_rows) filter (where pattern_id = '{{ pattern }}_label' and source_code is not null)
            as rows_with_{{ pattern }}_label,
        -- the same citizen may have told several of them: together they are the most of one at least
        max(n_citizens) filter (where pattern_id = '{{ pattern }}_label' and source_code is not null)
            as rows_with_{{ pattern }}_label_citizens
        {%- endfor %}
    from {{ ref('findings_of_labels') }}
    group by system_id, source_table
)

select
    {{ municipality_id() }} as municipality_id,
    cast(null as varchar) as process_id,
    cast(null as varchar) as regime_id,
    labels.system_id,
    labels.source_table,
    labels.labels,
    cast(labels.labelled_rows as bigint) as labelled_rows,
    labels.labels_not_compared,
    100.0 * labels.labels_not_compared / labels.labels as labels_not_compared_percent
    {%- for pattern in patterns %},
    cast(coalesce(found.rows_with_{{ pattern }}_label, 0) as bigint) as rows_with_{{ pattern }}_label,
    100.0 * coalesce(found.rows_with_{{ pattern }}_label, 0) / labels.labelled_rows
        as rows_with_{{ pattern }}_label_percent
    {%- endfor %}
    {%- for pattern in patterns %},
    coalesce(found.rows_with_{{ pattern }}_label_citizens, 0) as rows_with_{{ pattern }}_label_citizens
    {%- endfor %}
from labels
left join found
    on labels.system_id = found.system_id and labels.source_table = found.source_table
