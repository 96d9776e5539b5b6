-- Codes that are not what they should be: one row per pattern and code, with the rows and citizens
-- concerned and, where one is known, the code it resembles. A row without a code is a column as a whole.
-- Never published: a code may hold what somebody typed about a person.
with found as (
    select * from {{ ref('polluted_label') }}
    union all by name
    -- what holds a name or a number of its case is told as that, and not as a slip as well
    select distorted_label.*
    from {{ ref('distorted_label') }} as distorted_label
    anti join {{ ref('polluted_label') }} as polluted_label
        on
            distorted_label.system_id = polluted_label.system_id
            and distorted_label.source_table = polluted_label.source_table
            and distorted_label.source_code = polluted_label.source_code
    union all by name
    select synonymous_label.*
    from {{ ref('synonymous_label') }} as synonymous_label
    -- a slip stands where the right word stands
    anti join {{ ref('distorted_label') }} as distorted_label
        on
            synonymous_label.system_id = distorted_label.system_id
            and synonymous_label.source_table = distorted_label.source_table
            and synonymous_label.source_code = distorted_label.source_code
    union all by name
    select * from {{ ref('homonymous_label') }}
),

citizens as (
    select
        judged.system_id,
        judged.source_table,
        judged.source_code,
        count(distinct judged.citizen_key) as n_citizens
    from {{ ref('int_events_judged') }} as judged
    where
        (judged.reject_reason is null or judged.reject_reason = 'unmapped_code')
        and (judged.system_id, judged.source_table, judged.source_code) in (
            select (system_id, source_table, source_code) from found
        )
    group by judged.system_id, judged.source_table, judged.source_code
)

select
    found.pattern_id,
    found.system_id,
    found.source_table,
    found.source_code,
    found.resembles_code,
    cast(found.n_rows as bigint) as n_rows,
    citizens.n_citizens
from found
left join citizens
    on
        found.system_id = citizens.system_id
        and found.source_table = citizens.source_table
        and found.source_code = citizens.source_code
