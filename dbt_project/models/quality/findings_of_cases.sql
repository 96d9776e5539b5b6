-- What the detectors of whole cases find: one row per pattern, process and case. Restricted.
select
    pattern_id,
    process_id,
    case_id
from {{ ref('scattered_case') }}
