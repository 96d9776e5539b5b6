-- One row per process, change that nobody dated, and what moved most with it.
with found as (
    select * from {{ source('quality_results', 'drift_points') }}
)

select
    {{ municipality_id() }} as municipality_id,
    cast(found.process_id as varchar) as process_id,
    cast(found.outcome as varchar) as outcome,
    cast(found.n_watched_cases as bigint) as n_cases,
    cast(found.n_watched_citizens as bigint) as n_citizens,
    cast(found.watch_days as bigint) as watch_days,
    cast(found.watched_until_on as date) as watched_until_on,
    cast(found.n_cases_needed as bigint) as n_cases_needed,
    cast(found.change_number as bigint) as change_number,
    cast(found.first_case_number as bigint) as first_case_number,
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
    cast(found.n_cases_before as bigint) as n_cases_before,
    cast(found.n_citizens_before as bigint) as n_citizens_before,
    cast(found.n_cases_after as bigint) as n_cases_after,
    cast(found.n_citizens_after as bigint) as n_citizens_after,
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
    cast(found.n_with_before as bigint) as n_with_before,
    cast(found.n_with_citizens_before as bigint) as n_with_citizens_before,
    cast(found.n_with_after as bigint) as n_with_after,
    cast(found.n_with_citizens_after as bigint) as n_with_citizens_after,
    cast(found.share_before as double) as share_before,
    cast(found.share_after as double) as share_after,
    cast(found.relation_size as double) as relation_size,
    cast(found.sentence_da as varchar) as sentence_da,
    cast(found.sentence_en as varchar) as sentence_en
from found
