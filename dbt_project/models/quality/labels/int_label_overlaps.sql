{{ config(materialized='ephemeral') }}
-- How much of what stands before and after two codes is the same, for each pair that may be two words for
-- one act. One row per ordered pair: the measure is the same for both orders but for chance.
with compared as (
    select label_code from {{ ref('int_labels') }}
    where is_compared
),

steps as (
    select * from {{ ref('int_label_steps') }}
    where label_code in (select label_code from compared)
),

around as (
    select
        label_code,
        'before' as side,
        coalesce(previous_code, 0) as neighbour,
        count(*) as n
    from steps
    group by all
    union all by name
    select
        label_code,
        'after' as side,
        coalesce(next_code, 0) as neighbour,
        count(*) as n
    from steps
    group by all
),

shares as (
    select
        *,
        sum(n) over (partition by label_code, side) as n_of_side,
        n / sum(n) over (partition by label_code, side) as share
    from around
    qualify sum(n) over (partition by label_code, side) >= {{ limit('synonymous_rows') }}
),

-- how far two samples of the same neighbours are apart by chance (mean absolute deviation, normal
-- approximation), but for the numbers of rows
spreads as (
    select
        label_code,
        side,
        sum(sqrt(share * (1 - share))) / sqrt(2 * pi()) as spread
    from shares
    group by label_code, side
)

-- how much of what stands around the two is the same, beside what chance lets two samples of one thing
-- have in common; on the side where it is less
select
    label_code,
    common_code,
    min(overlap) as overlap
from (
    select
        rare.label_code,
        common.label_code as common_code,
        rare.side,
        sum(least(rare.share, common.share)) / greatest(
            1
            - any_value(spreads.spread)
            * sqrt(1 / any_value(rare.n_of_side) + 1 / any_value(common.n_of_side)),
            0.5
        ) as overlap
    from shares as rare
    inner join shares as common on rare.side = common.side and rare.neighbour = common.neighbour
    inner join spreads
        on common.label_code = spreads.label_code and common.side = spreads.side
    where rare.label_code <> common.label_code
    group by all
)
group by label_code, common_code
having count(*) = 2 and min(overlap) >= {{ limit('synonymous_overlap_of_words') }}
