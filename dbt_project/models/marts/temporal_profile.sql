-- How long after an activity another one comes, and how many cases are far from that. Counts are told in
-- steps (told_count): a pair lies within its slice, and the cases that are far off within the pair.
with told as (
    select
        profile.*,
        origins.label_da as from_label_da,
        origins.label_en as from_label_en,
        targets.label_da as to_label_da,
        targets.label_en as to_label_en,
        round(profile.mean_seconds / 86400, 1) as mean_days,
        round(profile.sd_seconds / 86400, 1) as sd_days,
        {{ told_count('profile.n_cases') }} as n_told,
        -- cases of so few people are not told, however many they are
        if(
            profile.n_outside_citizens between 1 and {{ min_group_size() }} - 1, null,
            {{ told_count('profile.n_outside_cases') }}
        ) as n_outside_told
    from {{ ref('temporal_profile_of_pairs') }} as profile
    inner join {{ ref('activity_codes') }} as origins on profile.from_activity_id = origins.activity_id
    inner join {{ ref('activity_codes') }} as targets on profile.to_activity_id = targets.activity_id
    where profile.n_citizens >= {{ min_group_size() }}
)

select
    {{ municipality_id() }} as municipality_id,
    process_id,
    regime_id,
    from_activity_id,
    to_activity_id,
    from_label_da,
    from_label_en,
    to_label_da,
    to_label_en,
    n_told as n_cases,
    cast({{ told_citizens('n_citizens') }} as bigint) as n_citizens,
    {{ told_value('n_cases', 'n_told', told_count('n_slice_cases')) }} as case_coverage,
    mean_days,
    sd_days,
    round(greatest(mean_seconds - 3 * sd_seconds, 0) / 86400, 1) as expected_from_days,
    round((mean_seconds + 3 * sd_seconds) / 86400, 1) as expected_to_days,
    n_outside_told as n_outside_cases,
    if(n_outside_told is null, null, cast({{ told_citizens('n_outside_citizens') }} as bigint))
        as n_outside_citizens,
    {{ told_value('n_outside_told', 'n_outside_told', 'n_told') }} as share_outside,
    if(
        n_outside_told is null, null,
        concat(
            'Fra «', from_label_da, '» til «', to_label_da, '» går der i gennemsnit ',
            replace(cast(mean_days as varchar), '.', ','), ' dage; ',
            if(n_outside_told = 0, 'ingen', concat('omkring ', n_outside_told)), ' af ', n_told,
            ' sager ligger mere end tre standardafvigelser fra det.'
        )
    ) as sentence_da,
    if(
        n_outside_told is null, null,
        concat(
            'From "', from_label_en, '" to "', to_label_en, '" it takes ', mean_days, ' days on average; ',
            if(n_outside_told = 0, 'none', concat('about ', n_outside_told)), ' of ', n_told,
            ' cases are more than three standard deviations from that.'
        )
    ) as sentence_en
from told
