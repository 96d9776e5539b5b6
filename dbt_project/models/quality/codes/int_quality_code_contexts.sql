{{ config(materialized='ephemeral') }}
-- noqa: disable=LT02
-- The company that acts of a code keep around a legal change that touches their activity: the act before,
-- the act after and the target group of the case, counted for codes of one mapping. Three windows of equal
-- length: after the change, before it, and before that, so that a context that always drifts is known.
with changes as (
    select
        change_id,
        effective_on
    from {{ ref('legal_changes') }}
    where status in ('in_force', 'ended') and effective_on is not null
),

-- a change touches the acts that a rule it began or ended asks for
touched as (
    select distinct
        changes.change_id,
        changes.effective_on,
        unnest(string_split(rules.required_activity_id, '|')) as activity_id
    from changes
    inner join {{ ref('int_law_process_touches') }} as touches on changes.change_id = touches.change_id
    inner join {{ ref('rules') }} as rules
        on touches.named = rules.rule_id || '/' || rules.version
    where touches.what in ('rule_begun', 'rule_ended')
),

windows as (
    select
        touched.change_id,
        activities.activity_code,
        parts.part,
        touched.effective_on
        + cast(parts.from_window * {{ limit('meaning_window_days') }} as integer) as from_on,
        touched.effective_on
        + cast((parts.from_window + 1) * {{ limit('meaning_window_days') }} as integer) as to_on
    from touched
    inner join {{ ref('activity_codes') }} as activities on touched.activity_id = activities.activity_id
    cross join (values ('after', 0), ('before', -1), ('earlier', -2)) as parts (part, from_window)
),

acts as (
    select
        windows.change_id,
        windows.part,
        steps.system_id,
        steps.source_table,
        steps.mapping_id,
        steps.activity_code,
        coalesce(steps.previous_activity_code, -1) as previous_activity_code,
        steps.next_activity_code,
        cases.target_group
    from {{ ref('int_quality_steps') }} as steps
    inner join windows
        on
            steps.activity_code = windows.activity_code
            and steps.occurred_on >= windows.from_on
            and steps.occurred_on < windows.to_on
    inner join {{ ref('cases') }} as cases
        on steps.process_id = cases.process_id and steps.case_id = cases.case_id
    where steps.mapping_id is not null
),

-- the last act of a case has no next one yet
contexts as (
    {%- for context in ['previous_activity_code', 'next_activity_code', 'target_group'] %}
    select
        change_id,
        part,
        system_id,
        source_table,
        mapping_id,
        activity_code,
        '{{ context }}' as context,
        cast({{ context }} as varchar) as company,
        count(*) as n
    from acts
    where {{ context }} is not null
    group by all
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    change_id,
    system_id,
    source_table,
    mapping_id,
    activity_code,
    context,
    company,
    coalesce(sum(n) filter (where part = 'after'), 0) as n_after,
    coalesce(sum(n) filter (where part = 'before'), 0) as n_before,
    coalesce(sum(n) filter (where part = 'earlier'), 0) as n_earlier
from contexts
group by all
