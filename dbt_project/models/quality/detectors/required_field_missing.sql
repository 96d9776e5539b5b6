-- Acts that lack what the law of their case turns on: rows of `log_rules` about a missing value that hold
-- under one regime only. A row that a fault kept from becoming an event (an act without a day) counts in the
-- rule's own share, but is no event and so no finding here.
select distinct
    'required_field_missing' as pattern_id,
    findings.event_id,
    findings.process_id,
    findings.case_id
from {{ ref('log_rule_findings') }} as findings
inner join {{ ref('log_rules') }} as rules on findings.rule_id = rules.rule_id
semi join {{ ref('events') }} as events on findings.event_id = events.event_id
where rules.kind = 'missing_value' and rules.regime_id is not null
