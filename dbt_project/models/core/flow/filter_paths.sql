-- Per filter: its paths, the most usual first, and what share of its cases the paths up to here cover. A path
-- that several regimes know is one path. Ties go by the id of the path, which is the same in every build.
with paths as (
    select
        filter_variants.filter_number,
        variants.variant_id,
        any_value(variants.variant_number) as example_variant_number,
        any_value(variants.n_events) as n_events,
        cast(sum(filter_variants.n_cases) as bigint) as n_cases
    from {{ ref('filter_variants') }} as filter_variants
    inner join {{ ref('variants') }} as variants on filter_variants.variant_number = variants.variant_number
    group by filter_variants.filter_number, variants.variant_id
),

peopled as (
    select
        people.filter_number,
        variants.variant_id,
        {{ citizens_behind('people') }} as n_citizens
    from {{ ref('filter_people') }} as people
    inner join {{ ref('variants') }} as variants on people.variant_number = variants.variant_number
    group by people.filter_number, variants.variant_id
)

select
    paths.filter_number,
    paths.variant_id,
    paths.example_variant_number,
    paths.n_events,
    paths.n_cases,
    peopled.n_citizens,
    row_number() over usual as place,
    paths.n_cases / sum(paths.n_cases) over (partition by paths.filter_number) as share,
    sum(paths.n_cases) over usual / sum(paths.n_cases) over (partition by paths.filter_number)
        as cumulative_share
from paths
inner join peopled
    on paths.filter_number = peopled.filter_number and paths.variant_id = peopled.variant_id
window usual as (
    partition by paths.filter_number order by paths.n_cases desc, paths.variant_id asc
    rows between unbounded preceding and current row
)
