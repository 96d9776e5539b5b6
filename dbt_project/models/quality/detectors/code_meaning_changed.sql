-- Days on which nobody can be sure what a code meant: around the day its mapping gave it another meaning,
-- and after a change of law with which its company shifted while the mapping stayed.
select
    'code_meaning_changed' as pattern_id,
    system_id,
    source_table,
    source_code,
    occurred_on,
    change_id
from {{ ref('int_quality_codes_remapped') }}

union

select
    'code_meaning_changed' as pattern_id,
    days.system_id,
    days.source_table,
    days.source_code,
    days.occurred_on,
    shifted.change_id
from {{ ref('int_quality_code_days') }} as days
inner join {{ ref('int_quality_codes_shifted') }} as shifted
    on
        days.system_id = shifted.system_id
        and days.source_table = shifted.source_table
        and days.mapping_id = shifted.mapping_id
        and days.activity_id = shifted.activity_id
inner join {{ ref('legal_changes') }} as changes on shifted.change_id = changes.change_id
where
    days.occurred_on >= changes.effective_on
    and days.occurred_on - changes.effective_on < {{ limit('meaning_window_days') }}
