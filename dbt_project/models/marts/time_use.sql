-- One row per filter and kind of actor, and per filter and worth of an act where the municipality has said
-- what its acts are worth: without its own classification there is no such row. Counts in steps: filters lie
-- within one another. Shares of time are told where no row of the breakdown is of a few: what is left of the
-- whole would else be theirs.
with classified as (
    select distinct filter_number
    from {{ ref('filter_time') }}
    where breakdown = 'value' and item <> 'unclassified'
),

names as (
    {{ actor_names() }}
),

wholes as (
    select
        filter_number,
        breakdown,
        sum(n_events) as n_events,
        count(*) filter (where n_citizens < {{ min_group_size() }}) = 0 as none_is_of_few
    from {{ ref('filter_time') }}
    group by filter_number, breakdown
)

select
    {{ municipality_id() }} as municipality_id,
    filters.process_id,
    filters.filter_id,
    used.breakdown,
    used.item,
    names.label_da,
    names.label_en,
    {{ told_count('used.n_events') }} as n_events,
    {{ told_count('used.n_cases') }} as n_cases,
    {{ told_count('used.n_citizens') }} as n_citizens,
    {{ told_value('used.share_of_events', told_count('used.n_events'), told_count('wholes.n_events')) }}
        as share_of_events,
    if(wholes.none_is_of_few, round(used.share_of_elapsed, 2), null) as share_of_elapsed,
    if(wholes.none_is_of_few, round(used.share_of_working_time, 2), null) as share_of_working_time
from {{ ref('filter_time') }} as used
inner join wholes
    on used.filter_number = wholes.filter_number and used.breakdown = wholes.breakdown
inner join {{ ref('told_filters') }} as filters on used.filter_number = filters.filter_number
inner join names on used.item = names.item
left join classified on used.filter_number = classified.filter_number
where
    used.n_citizens >= {{ min_group_size() }}
    and (used.breakdown = 'resource' or classified.filter_number is not null)
