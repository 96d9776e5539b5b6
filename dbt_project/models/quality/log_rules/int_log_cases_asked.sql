{{ config(materialized='view') }}
-- The cases that a rule of `log_rules` asks something of: all of its process; for a rule about related
-- activities those with the first of them; for one on a condition those in which it holds.
with rules as (
    select
        *,
        string_split(activity_id, '|') as activities,
        string_split(attribute_values, '|') as attribute_list
    from {{ ref('log_rules') }}
),

asked as (
    select
        rules.rule_id,
        cases.process_id,
        cases.case_id
    from rules
    inner join {{ ref('cases') }} as cases on rules.process_id = cases.process_id
    where
        rules.kind in (
            'activity_frequency', 'activity_order', 'missing_activity', 'resource_inconsistency'
        )
        or (
            rules.kind = 'conditional_presence'
            and rules.attribute = 'target_group'
            and list_contains(rules.attribute_list, cases.target_group)
        )
    union all by name
    select distinct
        rules.rule_id,
        event_log.process_id,
        event_log.case_id
    from rules
    inner join {{ ref('event_log') }} as event_log on rules.process_id = event_log.process_id
    where
        (rules.kind = 'related_activities' and rules.activities[1] = event_log.activity_id)
        or (
            rules.kind = 'conditional_presence'
            and list_contains(
                rules.attribute_list,
                case rules.attribute
                    when 'resource_type' then event_log.resource_type
                    when 'responsible_party' then event_log.responsible_party
                    when 'org_unit_id' then event_log.org_unit_id
                end
            )
        )
)

select
    asked.rule_id,
    asked.process_id,
    asked.case_id,
    cases.regime_id
from asked
inner join {{ ref('cases') }} as cases
    on asked.process_id = cases.process_id and asked.case_id = cases.case_id
inner join rules on asked.rule_id = rules.rule_id
where coalesce(rules.regime_id = cases.regime_id, rules.regime_id is null)
