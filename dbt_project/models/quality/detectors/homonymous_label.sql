-- Homonymous label (Suriadi et al. 2017): one code for two kinds of act. Its occurrences fall apart into
-- groups that have no neighbour in common: whatever stands before or after those of one group never stands
-- around those of another. Rare neighbours are left out, and each group must be a good part of the whole.
with recursive edges as (
    select
        label_code,
        coalesce(previous_code, 0) as previous_code,
        coalesce(next_code, 0) as next_code,
        count(*) as n,
        sum(count(*)) over (partition by label_code) as n_of_label
    from {{ ref('int_label_steps') }}
    group by label_code, coalesce(previous_code, 0), coalesce(next_code, 0)
),

strong as (
    select
        *,
        sum(n) over (partition by label_code) as n_strong
    from edges
    where n_of_label >= {{ limit('homonymous_rows') }} and n >= n_of_label * {{ limit('homonymous_edge') }}
),

-- from what stands before to all that can be reached over what stands after, and back again
reached (label_code, origin, previous_code) as (
    select distinct
        label_code,
        previous_code as origin,
        previous_code
    from strong
    union
    select
        reached.label_code,
        reached.origin,
        there.previous_code
    from reached
    inner join strong as here
        on reached.label_code = here.label_code and reached.previous_code = here.previous_code
    inner join strong as there
        on here.label_code = there.label_code and here.next_code = there.next_code
),

groups as (
    select
        label_code,
        previous_code,
        min(origin) as group_code
    from reached
    group by label_code, previous_code
),

parts as (
    select
        strong.label_code,
        groups.group_code,
        sum(strong.n) as n,
        any_value(strong.n_of_label) as n_of_label
    from strong
    inner join groups
        on strong.label_code = groups.label_code and strong.previous_code = groups.previous_code
    where strong.n_strong >= strong.n_of_label * {{ limit('homonymous_told') }}
    group by strong.label_code, groups.group_code
)

select
    'homonymous_label' as pattern_id,
    labels.system_id,
    labels.source_table,
    labels.source_code,
    cast(null as varchar) as resembles_code,
    labels.n_rows
from {{ ref('int_labels') }} as labels
where
    labels.label_code in (
        select label_code from parts
        where n >= n_of_label * {{ limit('homonymous_part') }}
        group by label_code
        having count(*) > 1
    )
