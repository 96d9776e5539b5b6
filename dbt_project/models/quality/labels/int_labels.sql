{{ config(materialized='table') }}
-- One row per code that rows of a table carry, mapped or not, with its rows and the forms in which it is
-- compared: `plain_text` without case, accents and signs, `masked_text` with each number, id and single
-- letter as #. The commonest codes of a table are compared with each other; a column of free text has no
-- end of them.
with told as (
    select
        system_id,
        source_table,
        source_code,
        count(*) as n_rows,
        min(occurred_on) as first_on,
        max(occurred_on) as last_on,
        -- a row of the mapping says what this code is; the mapping `identity` says nothing
        bool_or(coalesce(mapping_id <> 'identity', false)) as is_mapped
    from {{ ref('int_events_judged') }}
    where source_code is not null and (reject_reason is null or reject_reason = 'unmapped_code')
    group by system_id, source_table, source_code
),

plain as (
    select
        *,
        trim(regexp_replace(
            strip_accents(
                replace(replace(replace(lower(source_code), 'æ', 'ae'), 'ø', 'oe'), 'å', 'aa')
            ),
            '[^a-z0-9]+', ' ', 'g'
        )) as plain_text
    from told
)

select
    cast(row_number() over (order by system_id, source_table, source_code) as integer) as label_code,
    *,
    trim(regexp_replace(plain_text, '\b([a-z]*[0-9][a-z0-9]*|[a-z])\b', '#', 'g')) as masked_text,
    string_split(plain_text, ' ') as words,
    row_number() over (
        partition by system_id, source_table
        order by n_rows desc, source_code asc
    ) <= {{ limit('labels_compared') }} as is_compared
from plain
