{{ config(materialized='table') }}
-- What stands before and after each code in its case, in a share of the cases of each system that is large
-- enough for shares: what stands around a code is a distribution, and all events need not be put in order
-- for it. Null is the beginning or the end of the case; a code that follows itself is told once.
with codes as (
    select
        *,
        sum(n_rows) over (partition by system_id) as n_rows_of_system
    from {{ ref('int_labels') }}
),

told as (
    select
        codes.label_code,
        hash(judged.system_id, judged.case_key, judged.citizen_key) as case_hash,
        judged.occurred_at,
        judged.source_row,
        judged.event_id
    from (
        select
            *,
            hash(case_key, citizen_key) as sample_hash
        from {{ ref('int_events_judged') }}
        where reject_reason is null or reject_reason = 'unmapped_code'
    ) as judged
    inner join codes
        on
            judged.system_id = codes.system_id
            and judged.source_table = codes.source_table
            and judged.source_code = codes.source_code
    where
        judged.sample_hash % cast(ceil(codes.n_rows_of_system / {{ limit('label_steps') }}) as ubigint) = 0
),

stepped as (
    select
        label_code,
        case_hash,
        occurred_at,
        source_row,
        event_id,
        lag(label_code) over in_case as code_before
    from told
    window in_case as (partition by case_hash order by occurred_at, source_row, event_id)
)

select
    label_code,
    case_hash,
    code_before as previous_code,
    lead(label_code) over (
        partition by case_hash
        order by occurred_at, source_row, event_id
    ) as next_code
from stepped
where code_before is distinct from label_code
