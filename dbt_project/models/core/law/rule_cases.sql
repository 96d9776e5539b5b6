-- Which rules bind which case, and from which day: one row per case, rule version and regime.
-- A regime binds the cases registered while it holds (`case_start`), or those whose anchor falls in it
-- (`event`). A rule of a trial takes the place of the general rule for those whom its scopes cover; where
-- nobody knows whether they do, because the fund of the case is not told, neither can be computed.
with rules as (
    select
        rules.*,
        regimes.process_id,
        regimes.applies_by,
        regimes.valid_from,
        regimes.valid_to,
        list_contains(string_split(processes.start_activities, '|'), rules.anchor_activity_id)
            as is_anchored_at_start
    from {{ ref('rules') }} as rules
    inner join {{ ref('regimes') }} as regimes on rules.regime_id = regimes.regime_id
    inner join {{ ref('processes') }} as processes on regimes.process_id = processes.process_id
    where {{ list_has_or_empty('rules.scope_municipalities', municipality_id()) }}
),

-- The first anchor of a case; under a law that goes by events, the first while that law held.
anchor_acts as (
    select
        rules.rule_id,
        rules.version,
        rules.regime_id,
        event_log.*,
        rules.applies_by = 'case_start'
        or {{ valid_at('event_log.occurred_on', 'rules.valid_from', 'rules.valid_to') }} as is_under_law
    from rules
    inner join {{ ref('event_log') }} as event_log
        on
            rules.process_id = event_log.process_id
            and rules.anchor_activity_id = event_log.activity_id
),

anchors as (
    select
        rule_id,
        version,
        regime_id,
        case_id,
        min(occurred_on) filter (where is_under_law) as anchor_on,
        min(event_number) filter (where is_under_law) as anchor_number,
        arg_min(occurred_precision, event_number) filter (where is_under_law) as anchor_precision
    from anchor_acts
    group by rule_id, version, regime_id, case_id
),

bound as (
    select
        cases.process_id,
        cases.case_id,
        cases.citizen_id,
        cases.target_group,
        cases.registered_on,
        cases.ended_on,
        rules.* exclude (process_id),
        anchors.anchor_on,
        anchors.anchor_number,
        anchors.anchor_precision,
        rules.scope_funds is not null and cases.unemployment_fund is null as is_scope_unknown
    from {{ ref('cases') }} as cases
    inner join rules
        on
            cases.process_id = rules.process_id
            and {{ list_has_or_empty('rules.applies_to_target_groups', 'cases.target_group') }}
    left join anchors
        on
            cases.case_id = anchors.case_id
            and rules.rule_id = anchors.rule_id
            and rules.version = anchors.version
            and rules.regime_id = anchors.regime_id
    where
        (
            rules.scope_funds is null
            or cases.unemployment_fund is null
            or list_contains(string_split(rules.scope_funds, '|'), cases.unemployment_fund)
        )
        and case
            -- a law that goes by events binds by the day of the anchor, and forbids while it holds
            when rules.applies_by = 'event' and anchors.case_id is not null
                then anchors.anchor_on is not null
            when rules.applies_by = 'event' and rules.kind = 'forbidden' and rules.anchor_activity_id is null
                then
                    cases.registered_on < coalesce(rules.valid_to, date '9999-12-31')
                    and coalesce(cases.ended_on, date '9999-12-31') >= rules.valid_from
            else cases.regime_id = rules.regime_id
        end
),

-- Who is covered by a rule that stands in for this one.
replaced as (
    select
        process_id,
        case_id,
        regime_id,
        replaces_rule_id as rule_id,
        bool_and(is_scope_unknown) as is_scope_unknown
    from bound
    where replaces_rule_id is not null
    group by process_id, case_id, regime_id, replaces_rule_id
)

select
    row_number() over (
        order by bound.process_id, bound.case_id, bound.rule_id, bound.version, bound.regime_id
    ) as judgement_number,
    bound.* exclude (is_scope_unknown, change_id, legal_basis_url, certainty, title_da, title_en, notes),
    bound.is_scope_unknown or coalesce(replaced.is_scope_unknown, false) as is_fund_missing,
    greatest(coalesce(bound.min_count, 1), 1) as required_count
from bound
left join replaced
    on
        bound.process_id = replaced.process_id
        and bound.case_id = replaced.case_id
        and bound.regime_id = replaced.regime_id
        and bound.rule_id = replaced.rule_id
where replaced.rule_id is null or replaced.is_scope_unknown
