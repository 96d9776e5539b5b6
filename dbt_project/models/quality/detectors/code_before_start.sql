-- Days on which a code was used before its start: its mapping, or the law it carries, did not hold yet.
select
    'code_before_start' as pattern_id,
    system_id,
    source_table,
    source_code,
    occurred_on,
    change_id
from {{ ref('int_quality_codes_out_of_time') }}
where bound = 'start'
