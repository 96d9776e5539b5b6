-- What the rules about codes find, one row per pattern, code, day and change.
select * from {{ ref('code_after_end') }}
union all by name
select * from {{ ref('code_before_start') }}
union all by name
select * from {{ ref('code_meaning_changed') }}
union all by name
select * from {{ ref('unmapped_since_change') }}
