-- Since when is this bad: one row per rule, slice and spell of judgements with the same outcome. Every
-- judgement counts that is kept, of deliveries too that were withdrawn since.
with judged as (
    select
        *,
        {{ local_date('judged_at') }} as judged_on,
        coalesce(
            lag(outcome) over in_turn = outcome and lag(judgement) over in_turn = judgement - 1, false
        ) as goes_on
    from {{ source('quality_results', 'rule_history') }}
    window in_turn as (partition by process_id, regime_id, rule_id order by judgement)
),

numbered as (
    select
        *,
        count(*) filter (where not goes_on) over in_turn as spell
    from judged
    window
        in_turn as (
            partition by process_id, regime_id, rule_id
            order by judgement
            rows between unbounded preceding and current row
        )
),

spells as (
    select
        process_id,
        regime_id,
        rule_id,
        spell,
        last(dataset order by judgement) as dataset,
        last(suite order by judgement) as suite,
        last(title_da order by judgement) as title_da,
        last(title_en order by judgement) as title_en,
        last(severity order by judgement) as severity,
        last(outcome order by judgement) as outcome,
        last(threshold order by judgement) as threshold,
        min(judged_on) as since_on,
        max(judged_on) as until_on,
        max(judgement) as last_judgement,
        count(*) as n_judgements,
        -- the fewest people that stood behind any of it; a slice that is empty now may not hide them
        coalesce(min(n_cases) filter (where n_citizens > 0), 0) as n_cases,
        coalesce(min(n_citizens) filter (where n_citizens > 0), 0) as n_citizens,
        first(n_checked order by judgement) as n_checked_first,
        first(n_failed order by judgement) as n_failed_first,
        first(percent order by judgement) as percent_first,
        last(n_checked order by judgement) as n_checked_last,
        last(n_failed order by judgement) as n_failed_last,
        last(percent order by judgement) as percent_last
    from numbered
    group by process_id, regime_id, rule_id, spell
),

-- What is known of the few that came between two judgements is nobody's business: of figures of one rule and
-- slice that differ by few, in one spell or in two, the newest alone is told.
figures as (
    select
        process_id,
        regime_id,
        rule_id,
        spell,
        unnest(['first', 'last']) as which,
        unnest([n_checked_first, n_checked_last]) as n_checked,
        unnest([n_failed_first, n_failed_last]) as n_failed,
        unnest([false, spell = max(spell) over (partition by process_id, regime_id, rule_id)]) as is_newest
    from spells
),

too_near as (
    select
        one.process_id,
        one.regime_id,
        one.rule_id,
        one.spell,
        bool_or(one.which = 'first') as is_first_hidden,
        bool_or(one.which = 'last') as is_last_hidden
    from figures as one
    inner join figures as other
        on
            one.process_id is not distinct from other.process_id
            and one.regime_id is not distinct from other.regime_id
            and one.rule_id = other.rule_id
    where
        not one.is_newest
        and (
            abs(one.n_checked - other.n_checked) between 1 and {{ min_group_size() }} - 1
            or abs(one.n_failed - other.n_failed) between 1 and {{ min_group_size() }} - 1
        )
    group by one.process_id, one.regime_id, one.rule_id, one.spell
),

told as (
    select
        spells.*,
        coalesce(too_near.is_first_hidden, false) as is_first_hidden,
        coalesce(too_near.is_last_hidden, false) as is_last_hidden
    from spells
    left join too_near
        on
            spells.process_id is not distinct from too_near.process_id
            and spells.regime_id is not distinct from too_near.regime_id
            and spells.rule_id = too_near.rule_id
            and spells.spell = too_near.spell
)

select
    {{ municipality_id() }} as municipality_id,
    cast(process_id as varchar) as process_id,
    cast(regime_id as varchar) as regime_id,
    cast(dataset as varchar) as dataset,
    cast(suite as varchar) as suite,
    cast(rule_id as varchar) as rule_id,
    cast(title_da as varchar) as title_da,
    cast(title_en as varchar) as title_en,
    cast(severity as varchar) as severity,
    cast(outcome as varchar) as outcome,
    since_on,
    until_on,
    last_judgement = max(last_judgement) over () as is_current,
    spell > 1 as is_since_known,
    n_judgements,
    cast(n_cases as bigint) as n_cases,
    cast(n_citizens as bigint) as n_citizens,
    cast(case when not is_first_hidden then n_checked_first end as bigint) as n_checked_first,
    cast(case when not is_first_hidden then n_failed_first end as bigint) as n_failed_first,
    cast(case when not is_first_hidden then percent_first end as double) as percent_first,
    cast(case when not is_last_hidden then n_checked_last end as bigint) as n_checked_last,
    cast(case when not is_last_hidden then n_failed_last end as bigint) as n_failed_last,
    cast(case when not is_last_hidden then percent_last end as double) as percent_last,
    cast(threshold as double) as threshold
from told
