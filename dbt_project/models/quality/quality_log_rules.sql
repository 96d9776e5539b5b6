-- The rules of `log_rules` in counts, one row per process, regime and rule: how many cases or rows were
-- looked at, how many broke the rule, and how many may. A suite judges these rows; which case or row it was
-- stands in log_rule_findings.
with rules as (
    select * from {{ ref('log_rules') }}
),

cases as (
    select
        process_id,
        case_id,
        regime_id,
        citizen_id
    from {{ ref('cases') }}
),

asked as (
    select
        rule_id,
        process_id,
        regime_id,
        case_id
    from {{ ref('int_log_cases_asked') }}
    union all by name
    select
        rules.rule_id,
        told.process_id,
        told.regime_id,
        told.case_id
    from rules
    inner join {{ ref('int_log_rows') }} as told
        on
            rules.process_id = told.process_id
            and {{ list_has_or_empty('rules.activity_id', 'told.activity_id') }}
            and coalesce(rules.regime_id = told.regime_id, rules.regime_id is null)
    where
        case
            -- a length is judged where there is one, a time where it is an hour of the clock
            when rules.kind in ('activity_duration', 'duration_outlier', 'time_anomaly', 'overlap')
                then told.started_at is not null and told.ended_at is not null
            when rules.kind in ('inactive_period', 'multi_registration')
                then told.occurred_precision <> 'day'
            else rules.kind in ('activity_resource', 'missing_value', 'value_range')
        end
),

asked_of_citizens as (
    select
        asked.rule_id,
        asked.process_id,
        asked.regime_id,
        cases.citizen_id,
        count(*) as n
    from asked
    left join cases on asked.process_id = cases.process_id and asked.case_id = cases.case_id
    group by all
),

broken_by_citizens as (
    select
        findings.rule_id,
        findings.process_id,
        findings.regime_id,
        cases.citizen_id,
        count(*) as n
    from {{ ref('log_rule_findings') }} as findings
    left join cases on findings.process_id = cases.process_id and findings.case_id = cases.case_id
    group by all
),

-- Who stands behind what broke a rule and behind what kept it: the same citizen may stand behind both.
looked_at as (
    select
        asked.rule_id,
        asked.process_id,
        asked.regime_id,
        sum(asked.n) as checked,
        count(asked.citizen_id) filter (where asked.n > coalesce(broken.n, 0)) as kept_citizens
    from asked_of_citizens as asked
    left join broken_by_citizens as broken
        on
            asked.rule_id = broken.rule_id
            and asked.process_id = broken.process_id
            and asked.regime_id is not distinct from broken.regime_id
            and asked.citizen_id = broken.citizen_id
    group by asked.rule_id, asked.process_id, asked.regime_id
),

-- where a rule found nothing to look at it is told all the same: nobody knows is not all is well
slices as (
    select
        rules.rule_id,
        cases.process_id,
        cases.regime_id
    from rules
    inner join cases on rules.process_id = cases.process_id
    where coalesce(rules.regime_id = cases.regime_id, rules.regime_id is null)
    group by all
    union
    select
        rule_id,
        process_id,
        regime_id
    from looked_at
),

broken as (
    select
        rule_id,
        process_id,
        regime_id,
        sum(n) as found,
        count(citizen_id) as found_citizens
    from broken_by_citizens
    group by rule_id, process_id, regime_id
)

select
    {{ municipality_id() }} as municipality_id,
    slices.process_id,
    slices.regime_id,
    slices.rule_id as log_rule_id,
    cast(coalesce(looked_at.checked, 0) as bigint) as checked,
    cast(coalesce(broken.found, 0) as bigint) as found,
    -- where nothing is allowed one is enough
    case
        when coalesce(rules.allowed_percent, 0) = 0
            then {{ percent_of('coalesce(broken.found, 0)', 'looked_at.checked') }}
        else {{ percent_of('coalesce(broken.found, 0)', 'looked_at.checked', 'share_least') }}
    end as found_percent,
    coalesce(rules.allowed_percent, 0) as allowed_percent,
    coalesce(broken.found_citizens, 0) as found_citizens,
    coalesce(looked_at.kept_citizens, 0) as kept_citizens
from slices
inner join rules on slices.rule_id = rules.rule_id
left join looked_at
    on
        slices.rule_id = looked_at.rule_id
        and slices.regime_id is not distinct from looked_at.regime_id
left join broken
    on
        slices.rule_id = broken.rule_id
        and slices.regime_id is not distinct from broken.regime_id
