-- noqa: disable=LT02
-- What the detectors of single events find: one row per pattern, process and event. Restricted: it points
-- at single events. Of an elusive case there is no process and no case.
{%- set detectors = [
    'form_based', 'time_travel', 'unanchored', 'scattered_event', 'collateral', 'elusive_case',
    'zero_time', 'swapped_day_month', 'mixed_granularity', 'batch_registration',
    'late_registration', 'different_clocks', 'in_future', 'required_field_missing',
] %}
{%- for detector in detectors %}
{%- if not loop.first %}
union all
{%- endif %}
select
    pattern_id,
    event_id,
    process_id,
    case_id
from {{ ref(detector) }}
{%- endfor %}
