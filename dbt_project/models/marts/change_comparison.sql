-- What became of the figures at each dated change: one row per change, process, axis, measure and item that
-- changed or that the change names, before and after its day, with what may be said and why. What was looked
-- at and showed nothing, and is named by nothing, is not told.
with told as (
    select * from {{ source('quality_results', 'change_comparisons') }}
    where verdict = 'changed' or is_touched or item = 'all'
),

titles as (
    select distinct
        kind,
        change_id,
        title_da,
        title_en
    from {{ ref('dated_changes') }}
)

select
    told.municipality_id,
    told.kind,
    told.change_id,
    told.part,
    told.changed_on,
    titles.title_da,
    titles.title_en,
    told.process_id,
    told.system_id,
    told.axis,
    told.measure,
    told.item,
    told.is_touched,
    told.verdict,
    told.reason,
    cast(greatest(groups.n_before, groups.n_after) as bigint) as n_citizens,
    told.n_before,
    -- a part of the rows of a table has no citizens of its own: its rows are counted
    case when is_practice then groups.n_before else told.n_before end as n_before_citizens,
    told.whole_before,
    -- a volume is no share: behind a whole it does not have stands nobody
    case
        when told.whole_before is null then null
        when is_practice then groups.n_whole_before
        else told.whole_before
    end as whole_before_citizens,
    told.n_after,
    case when is_practice then groups.n_after else told.n_after end as n_after_citizens,
    told.whole_after,
    case
        when told.whole_after is null then null
        when is_practice then groups.n_whole_after
        else told.whole_after
    end as whole_after_citizens,
    told.weeks_before,
    told.weeks_after,
    told.value_before,
    told.value_expected,
    told.value_after,
    told.effect_measure,
    told.effect_size,
    told.effect_low,
    told.effect_high,
    told.p_value,
    told.p_adjusted,
    told.weeks_needed,
    told.municipalities_needed,
    told.n_needed,
    told.is_new,
    told.is_vanished,
    told.adopted_on,
    told.adopted_from_on,
    told.adopted_to_on,
    told.adoption_days,
    told.is_late,
    told.cause,
    told.caused_by,
    told.cause_rests_on,
    told.confounders,
    told.sentence_da,
    told.sentence_en
from (
    select
        *,
        measure in (
            'volume', 'activity_share', 'case_share', 'pair_share', 'party_share', 'meaning'
        ) as is_practice
    from told
) as told
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
