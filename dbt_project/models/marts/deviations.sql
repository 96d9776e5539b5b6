-- Where cases leave a model, beside what the law says of the same activity and whether it was accepted.
-- Counts are told in steps (told_count): a place lies within its activity, and both within the slice.
with found as (
    select
        *,
        row_number() over (
            order by process_id, regime_id, model_kind, grain, kind, activity_ids, after_activity_id
        ) as row_id
    from {{ source('mining', 'deviations') }}
    where
        outcome <> 'compared'
        or (
            n_aligned_citizens >= {{ min_group_size() }}
            and coalesce(n_with_citizens, {{ min_group_size() }}) >= {{ min_group_size() }}
            and (coalesce(n_without_citizens, 0) = 0 or n_without_citizens >= {{ min_group_size() }})
        )
),

acts as (
    select
        row_id,
        unnest(string_split(activity_ids, '|')) as activity_id
    from found
    where activity_ids is not null
),

names as (
    select
        acts.row_id,
        string_agg(activities.label_da, ' eller ' order by acts.activity_id) as activity_da,
        string_agg(activities.label_en, ' or ' order by acts.activity_id) as activity_en
    from acts
    inner join {{ ref('activities') }} as activities on acts.activity_id = activities.activity_id
    group by acts.row_id
),

speaking as (
    select distinct
        found.row_id,
        rules.rule_id,
        rules.version,
        rules.regime_id
    from found
    inner join acts on found.row_id = acts.row_id
    inner join {{ ref('rules') }} as rules
        on
            found.regime_id = rules.regime_id
            and list_contains(string_split(rules.required_activity_id, '|'), acts.activity_id)
),

named as (
    select
        row_id,
        string_agg(distinct rule_id, '|' order by rule_id) as rule_ids
    from speaking
    group by row_id
),

judged as (
    select
        speaking.row_id,
        count(*) as n_judged,
        count(distinct outcomes.citizen_id) as n_judged_citizens,
        count(*) filter (where outcomes.outcome = 'breached') as n_breached,
        count(distinct outcomes.citizen_id) filter (where outcomes.outcome = 'breached')
            as n_breached_citizens,
        count(distinct outcomes.citizen_id) filter (where outcomes.outcome = 'fulfilled')
            as n_fulfilled_citizens
    from speaking
    inner join {{ ref('rule_outcomes') }} as outcomes
        on
            speaking.rule_id = outcomes.rule_id
            and speaking.version = outcomes.version
            and speaking.regime_id = outcomes.regime_id
    where outcomes.outcome in ('fulfilled', 'breached')
    group by speaking.row_id
),

breaches as (
    select
        row_id,
        {{ told_count('n_judged') }} as n_judged,
        cast({{ told_citizens('n_judged_citizens') }} as bigint) as n_judged_citizens,
        {{ told_count('n_breached') }} as n_breached,
        cast({{ told_citizens('n_breached_citizens') }} as bigint) as n_breached_citizens
    from judged
    where
        n_judged_citizens >= {{ min_group_size() }}
        and (n_breached_citizens = 0 or n_breached_citizens >= {{ min_group_size() }})
        and (n_fulfilled_citizens = 0 or n_fulfilled_citizens >= {{ min_group_size() }})
),

accepted as (
    select *
    from {{ ref('int_accepted_deviations') }}
),

told as (
    select
        *,
        {{ told_count('n_aligned') }} as n_told,
        {{ told_count('n_with') }} as n_with_told
    from found
)

{{ deviation_columns() }}
