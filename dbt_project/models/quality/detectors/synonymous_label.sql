-- Synonymous labels (Suriadi et al. 2017): codes of one table that stand between the same codes, and not
-- together in a case. So do the branches of a choice: a synonym therefore also has the words of the other
-- one, or took its place on a day, or is unknown to the mapping that knows the other. Series (step 1, step
-- 2; release A, release B) and contraries are none. The commonest of such codes is what the others resemble.
with labels as (
    select
        *,
        -- "afholdt" and "afholdelse", "form" and "forms"
        list_distinct(list_transform(words, lambda word: left(word, 5))) as stems
    from {{ ref('int_labels') }}
    where is_compared
),

steps as (
    select * from {{ ref('int_label_steps') }}
),

alike as (
    select
        rare.*,
        common.label_code as common_code,
        common.source_code as resembles_code,
        common.n_rows as n_rows_of_common
    from {{ ref('int_label_overlaps') }} as overlapping
    inner join labels as rare on overlapping.label_code = rare.label_code
    inner join labels as common on overlapping.common_code = common.label_code
    where
        rare.system_id = common.system_id
        and rare.source_table = common.source_table
        and (rare.n_rows, -rare.label_code) < (common.n_rows, -common.label_code)
        and not (rare.is_mapped and common.is_mapped)
        and (rare.masked_text <> common.masked_text or rare.plain_text = common.plain_text)
        and not list_has_any(
            list_concat(
                list_filter(rare.words, lambda word: not list_contains(common.words, word)),
                list_filter(common.words, lambda word: not list_contains(rare.words, word))
            ),
            ['not', 'no', 'non', 'without', 'ikke', 'ej', 'uden', 'u']
        )
        and (
            list_has_all(rare.stems, common.stems)
            or list_has_all(common.stems, rare.stems)
            or (
                overlapping.overlap >= {{ limit('synonymous_overlap') }}
                and (
                    common.is_mapped <> rare.is_mapped
                    or rare.first_on > common.last_on
                    or common.first_on > rare.last_on
                )
            )
        )
),

in_cases as (
    select distinct
        label_code,
        case_hash
    from steps
    where
        label_code in (select label_code from alike)
        or label_code in (select common_code from alike)
),

together as (
    select
        alike.label_code,
        alike.common_code,
        count(common.case_hash) / count(*) as share_together
    from alike
    inner join in_cases as rare on alike.label_code = rare.label_code
    left join in_cases as common
        on rare.case_hash = common.case_hash and alike.common_code = common.label_code
    group by alike.label_code, alike.common_code
)

select
    'synonymous_label' as pattern_id,
    alike.system_id,
    alike.source_table,
    alike.source_code,
    arg_max(alike.resembles_code, alike.n_rows_of_common) as resembles_code,
    any_value(alike.n_rows) as n_rows
from alike
inner join together
    on alike.label_code = together.label_code and alike.common_code = together.common_code
where together.share_together <= {{ limit('synonymous_together') }}
group by alike.system_id, alike.source_table, alike.source_code
