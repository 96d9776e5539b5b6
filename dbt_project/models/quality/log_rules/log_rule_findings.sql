-- What the rules of `log_rules` find: one row per rule and case or event, with how often. No value is
-- told. A period of inactivity belongs to no case: its event is the one that ends it.
with found as (
    select * from {{ ref('log_findings_of_cases') }}
    union all by name
    select * from {{ ref('log_findings_of_instances') }}
    union all by name
    select * from {{ ref('log_findings_of_rows') }}
    union all by name
    select * from {{ ref('log_findings_of_series') }}
)

select
    {{ municipality_id() }} as municipality_id,
    found.process_id,
    found.regime_id,
    found.rule_id,
    rules.kind,
    rules.severity,
    found.case_id,
    cast(found.event_id as varchar) as event_id,
    cast(found.n as bigint) as n
from found
inner join {{ ref('log_rules') }} as rules on found.rule_id = rules.rule_id
