-- One row per process, change that nobody dated, and what moved most with it. Counts are told in steps
-- (told_count) and shares are of the steps: relations lie within one another (a talk, a talk by the fund),
-- and the few by whom two of them differ are not had by subtracting.
with found as (
    select * from {{ source('quality_results', 'drift_points') }}
)

select
    {{ municipality_id() }} as municipality_id,
    cast(found.process_id as varchar) as process_id,
    cast(found.outcome as varchar) as outcome,
    {{ told_count('found.n_watched_cases') }} as n_cases,
    {{ told_count('found.n_watched_citizens') }} as n_citizens,
    cast(found.watch_days as bigint) as watch_days,
    cast(found.watched_until_on as date) as watched_until_on,
    cast(found.n_cases_needed as bigint) as n_cases_needed,
    cast(found.change_number as bigint) as change_number,
    {{ told_count('found.first_case_number') }} as first_case_number,
    cast(found.changed_on as date) as changed_on,
    cast(found.earliest_on as date) as earliest_on,
    cast(found.latest_on as date) as latest_on,
    cast(found.p_value as double) as p_value,
    cast(found.n_permutations as bigint) as n_permutations,
    case
        when found.size >= 0.8 then 'large'
        when found.size >= 0.5 then 'medium'
        when found.size >= 0.2 then 'small'
    end as size_class,
    cast(found.resolution_cases as bigint) as resolution_cases,
    {{ told_count('found.n_cases_before') }} as n_cases_before,
    {{ told_count('found.n_citizens_before') }} as n_citizens_before,
    {{ told_count('found.n_cases_after') }} as n_cases_after,
    {{ told_count('found.n_citizens_after') }} as n_citizens_after,
    cast(found.near_change_kind as varchar) as near_change_kind,
    cast(found.near_change_id as varchar) as near_change_id,
    cast(found.near_change_on as date) as near_change_on,
    cast(found.near_change_days as bigint) as near_change_days,
    cast(found.near_change_title_da as varchar) as near_change_title_da,
    cast(found.near_change_title_en as varchar) as near_change_title_en,
    cast(found.relation_number as bigint) as relation_number,
    cast(found.relation_kind as varchar) as relation_kind,
    cast(found.from_activity_id as varchar) as from_activity_id,
    cast(found.to_activity_id as varchar) as to_activity_id,
    cast(found.responsible_party as varchar) as responsible_party,
    {{ told_or_few('found.n_with_before') }} as n_with_before,
    cast({{ told_citizens('found.n_with_citizens_before') }} as bigint) as n_with_citizens_before,
    {{ told_or_few('found.n_with_after') }} as n_with_after,
    cast({{ told_citizens('found.n_with_citizens_after') }} as bigint) as n_with_citizens_after,
    {{ told_value(
        'found.share_before', told_or_few('found.n_with_before'), told_count('found.n_cases_before')
    ) }} as share_before,
    {{ told_value(
        'found.share_after', told_or_few('found.n_with_after'), told_count('found.n_cases_after')
    ) }} as share_after,
    round(found.relation_size, 1) as relation_size,
    cast(found.sentence_da as varchar) as sentence_da,
    cast(found.sentence_en as varchar) as sentence_en
from found
