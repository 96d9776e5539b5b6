-- noqa: disable=LT01,LT02
-- What became of the figures at each dated change: one row per change, process, axis, measure and item that
-- changed or that the change names, before and after its day, with what may be said and why. What was looked
-- at and showed nothing, and is named by nothing, is not told. Windows of two changes differ by the days
-- between them: counts are told in steps (told_count) and values are computed of the steps, so that nothing
-- of the few in those days is had by subtracting one window from another.
{%- set practice = ['volume', 'activity_share', 'case_share', 'pair_share'] + ['party_share', 'meaning'] %}

with told as (
    select
        *,
        measure in ('{{ practice | join("', '") }}') as is_practice  -- noqa: LT05
    from {{ source('quality_results', 'change_comparisons') }}
    where verdict = 'changed' or is_touched or item = 'all'
),

titles as (
    select distinct
        kind,
        change_id,
        title_da,
        title_en
    from {{ ref('dated_changes') }}
),

judged as (
    select
        told.*,
        titles.title_da,
        titles.title_en,
        greatest(groups.n_before, groups.n_after) as n_citizens
        {%- for side in ['before', 'after'] %},
        -- a part of the rows of a table has no citizens of its own: it is of enough of them where it is more
        -- than fewer can have told. Of codes that became no act nobody knows.
        case
            when is_practice then groups.n_{{ side }}
            when told.measure <> 'unmapped_codes' and told.n_{{ side }} > groups.n_acts_of_few_{{ side }}
                then {{ min_group_size() }}
            else 0
        end as part_{{ side }},
        case
            when is_practice then groups.n_whole_{{ side }} - groups.n_{{ side }}
            when whole_{{ side }} - told.n_{{ side }} > groups.n_acts_of_few_{{ side }}
                then {{ min_group_size() }}
            else 0
        end as rest_{{ side }},
        -- a volume is no share: behind a whole it does not have stands nobody
        case
            when whole_{{ side }} is null then null
            when is_practice then groups.n_whole_{{ side }}
            else greatest(part_{{ side }}, rest_{{ side }})
        end as all_{{ side }},
        -- what is told of a part is told of the rest
        case
            when whole_{{ side }} is null or told.n_{{ side }} = whole_{{ side }} then part_{{ side }}
            when told.n_{{ side }} = 0 then all_{{ side }}
            else least(part_{{ side }}, rest_{{ side }})
        end as split_{{ side }},
        {{ told_or_few('told.n_' ~ side) }} as told_{{ side }},
        {{ told_or_few('whole_' ~ side) }} as told_whole_{{ side }}
        {%- endfor %},
        value_expected * coalesce(whole_after, weeks_after) as n_expected
    from told
    inner join titles on told.kind = titles.kind and told.change_id = titles.change_id
    left join {{ ref('int_change_groups') }} as groups
        on
            told.process_id = groups.process_id
            and told.system_id is not distinct from groups.system_id
            and (told.axis <> 'delivery' or told.change_id = groups.delivery_id)
            and told.changed_on = groups.changed_on
            and told.axis = groups.axis
            and told.measure = groups.measure
            and told.item = groups.item
)

select
    municipality_id,
    kind,
    change_id,
    part,
    changed_on,
    title_da,
    title_en,
    process_id,
    system_id,
    axis,
    measure,
    item,
    is_touched,
    verdict,
    reason,
    {{ told_count('n_citizens') }} as n_citizens
    {%- for side in ['before', 'after'] %},
    told_{{ side }} as n_{{ side }},
    cast({{ told_citizens('split_' ~ side) }} as bigint) as n_{{ side }}_citizens,
    told_whole_{{ side }} as whole_{{ side }},
    cast({{ told_citizens('all_' ~ side) }} as bigint) as whole_{{ side }}_citizens
    {%- endfor %},
    weeks_before,
    weeks_after,
    {{ told_value('value_before', 'told_before', 'told_whole_before', 'weeks_before') }} as value_before,
    {{ told_value('value_expected', told_count('n_expected'), 'told_whole_after', 'weeks_after') }}
        as value_expected,
    {{ told_value('value_after', 'told_after', 'told_whole_after', 'weeks_after') }} as value_after,
    effect_measure,
    -- as exact as it tells nothing of single acts: where part and rest are a hundredth of ten thousand or
    -- more, a hundredth of an effect (Cohen's h) is ten acts or more
    {%- for effect in ['effect_size', 'effect_low', 'effect_high'] %}
    round(
        {{ effect }},
        if(
            least(whole_before, whole_after) >= 10000
            and least(
                judged.n_before, whole_before - judged.n_before, judged.n_after, whole_after - judged.n_after,
                n_expected, whole_after - n_expected
            ) >= greatest(whole_before, whole_after) / 100,
            2,
            1
        )
    ) as {{ effect }},
    {%- endfor %}
    round(p_value, 3) as p_value,
    round(p_adjusted, 3) as p_adjusted,
    weeks_needed,
    municipalities_needed,
    n_needed,
    is_new,
    is_vanished,
    adopted_on,
    adopted_from_on,
    adopted_to_on,
    adoption_days,
    is_late,
    cause,
    caused_by,
    cause_rests_on,
    confounders,
    sentence_da,
    sentence_en
from judged
