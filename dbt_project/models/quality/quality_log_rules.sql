-- The rules of `log_rules` in counts, one row per process, regime and rule: how many cases or rows were
-- looked at, how many broke the rule, and how many may. A suite judges these rows; which case or row it was
-- stands in log_rule_findings.
with rules as (
    select * from {{ ref('log_rules') }}
),

looked_at as (
    select
        rule_id,
        process_id,
        regime_id,
        count(*) as checked
    from {{ ref('int_log_cases_asked') }}
    group by all
    union all by name
    select
        rules.rule_id,
        told.process_id,
        told.regime_id,
        count(*) as checked
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
    group by all
),

-- where a rule found nothing to look at it is told all the same: nobody knows is not all is well
slices as (
    select
        rules.rule_id,
        cases.process_id,
        cases.regime_id
    from rules
    inner join {{ ref('cases') }} as cases on rules.process_id = cases.process_id
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
        findings.rule_id,
        findings.process_id,
        findings.regime_id,
        count(*) as found,
        count(distinct cases.citizen_id) as found_citizens
    from {{ ref('log_rule_findings') }} as findings
    left join {{ ref('cases') }} as cases
        on findings.process_id = cases.process_id and findings.case_id = cases.case_id
    group by findings.rule_id, findings.process_id, findings.regime_id
)

select
    {{ municipality_id() }} as municipality_id,
    slices.process_id,
    slices.regime_id,
    slices.rule_id as log_rule_id,
    coalesce(looked_at.checked, 0) as checked,
    coalesce(broken.found, 0) as found,
    -- null, not 0, of too few to tell a share; where nothing is allowed one is enough
    case
        when coalesce(rules.allowed_percent, 0) = 0 or looked_at.checked >= {{ limit('share_least') }}
            then 100.0 * coalesce(broken.found, 0) / nullif(looked_at.checked, 0)
    end as found_percent,
    coalesce(rules.allowed_percent, 0) as allowed_percent,
    coalesce(broken.found_citizens, 0) as found_citizens
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
