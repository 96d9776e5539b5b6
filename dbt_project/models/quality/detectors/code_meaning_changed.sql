-- Days on which nobody can be sure what a code meant: around the day its mapping gave it another meaning.
select distinct
    'code_meaning_changed' as pattern_id,
    system_id,
    source_table,
    source_code,
    occurred_on,
    change_id
from {{ ref('int_quality_codes_remapped') }}
