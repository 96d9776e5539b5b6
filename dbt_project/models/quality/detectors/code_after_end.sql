-- Days on which a code was used after its end: its mapping ran out, or the scheme it began was over.
select
    'code_after_end' as pattern_id,
    system_id,
    source_table,
    source_code,
    occurred_on,
    change_id
from {{ ref('int_quality_codes_out_of_time') }}
where bound = 'end'
