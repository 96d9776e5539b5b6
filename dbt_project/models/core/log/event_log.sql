-- The log in words: the order of log_steps with what each event and case is called and who answers for it.
select
    notions.process_id,
    notions.case_id,
    steps.case_number,
    steps.slice_number,
    events.event_id,
    steps.event_number,
    activities.activity_id,
    steps.activity_code,
    steps.next_activity_code,
    activities.sort_rank,
    steps.occurred_at,
    steps.occurred_on,
    events.occurred_precision,
    steps.elapsed_seconds,
    steps.working_seconds,
    case notions.applies_by
        when 'event' then event_regimes.regime_id
        else notions.regime_id
    end as regime_id,
    events.delivery_id,
    events.responsible_party,
    events.resource_type,
    events.org_unit_id
from {{ ref('log_steps') }} as steps
inner join {{ ref('int_case_notions') }} as notions on steps.case_number = notions.case_number
inner join {{ ref('events') }} as events on steps.event_key = events.event_key
inner join {{ ref('activity_codes') }} as activities on steps.activity_code = activities.activity_code
left join {{ ref('regimes') }} as event_regimes
    on
        notions.applies_by = 'event'
        and notions.process_id = event_regimes.process_id
        and {{ valid_at('steps.occurred_on', 'event_regimes.valid_from', 'event_regimes.valid_to') }}
