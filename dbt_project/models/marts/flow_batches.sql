-- One row per filter and activity: events done in a batch. Counts are told in steps: filters lie within one
-- another.
select
    {{ municipality_id() }} as municipality_id,
    filters.process_id,
    filters.filter_id,
    activities.activity_id,
    activities.label_da,
    activities.label_en,
    {{ told_count('batches.n_events') }} as n_events,
    {{ told_count('batches.n_batched_events') }} as n_batched_events,
    {{ told_count('batches.n_cases') }} as n_cases,
    {{ told_count('batches.n_citizens') }} as n_citizens,
    {{ told_value(
        'batches.share_batched', told_count('batches.n_batched_events'), told_count('batches.n_events')
    ) }} as share_batched,
    round(batches.mean_batch_size) as mean_batch_size
from {{ ref('filter_batches') }} as batches
inner join {{ ref('told_filters') }} as filters on batches.filter_number = filters.filter_number
inner join {{ ref('activity_codes') }} as activities on batches.activity_code = activities.activity_code
where batches.n_citizens >= {{ min_group_size() }}
