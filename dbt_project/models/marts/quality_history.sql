-- noqa: disable=LT01,LT02
-- Since when is this bad: one row per rule, slice and spell of judgements with the same outcome. Every
-- judgement counts that is kept, of deliveries too that were withdrawn since.
with judged as (
    select
        *,
        {{ local_date('judged_at') }} as judged_on,
        -- null: of judgements that did not know who stood behind them
        coalesce(counts_people, true) as is_of_people,
        if(is_of_people, {{ told_count('n_checked') }}, n_checked) as told_checked,
        if(is_of_people, {{ told_count('n_failed') }}, n_failed) as told_failed,
        if(is_of_people, n_checked_citizens, n_citizens) as checked_citizens,
        if(is_of_people, n_split_citizens, n_citizens) as split_citizens,
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
        first(told_checked order by judgement) as n_checked_first,
        first(checked_citizens order by judgement) as n_checked_citizens_first,
        first(told_failed order by judgement) as n_failed_first,
        first(split_citizens order by judgement) as n_failed_citizens_first,
        last(told_checked order by judgement) as n_checked_last,
        last(checked_citizens order by judgement) as n_checked_citizens_last,
        last(told_failed order by judgement) as n_failed_last,
        last(split_citizens order by judgement) as n_failed_citizens_last
    from numbered
    group by process_id, regime_id, rule_id, spell
)

-- Counts of what is of citizens are told in steps, as in quality_summary: who came between two judgements is
-- not had by subtracting one from the other.
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
    -- a few are told as they are: they are not published
    cast(if(n_citizens < {{ min_group_size() }}, n_cases, {{ told_count('n_cases') }}) as bigint) as n_cases,
    cast(if(n_citizens < {{ min_group_size() }}, n_citizens, {{ told_count('n_citizens') }}) as bigint)
        as n_citizens,
    {%- for which in ['first', 'last'] %}
    cast(n_checked_{{ which }} as bigint) as n_checked_{{ which }},
    cast({{ told_citizens('n_checked_citizens_' ~ which) }} as bigint)
        as n_checked_citizens_{{ which }},
    cast(n_failed_{{ which }} as bigint) as n_failed_{{ which }},
    cast({{ told_citizens('n_failed_citizens_' ~ which) }} as bigint)
        as n_failed_citizens_{{ which }},
    round(100.0 * n_failed_{{ which }} / nullif(n_checked_{{ which }}, 0), 1) as percent_{{ which }},
    {%- endfor %}
    cast(threshold as double) as threshold
from spells
