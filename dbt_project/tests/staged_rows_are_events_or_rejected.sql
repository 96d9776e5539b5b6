{{ config(meta={'dagster': {'ref': {'name': 'events'}}}) }}
-- Nothing is dropped silently: per delivery, staged acts = events + rejected events.
with staged as (
    select
        delivery_id,
        count(*) as n_staged
    from {{ ref('int_events_judged') }}
    group by delivery_id
),

kept as (
    select
        delivery_id,
        count(*) as n_kept
    from (
        select delivery_id from {{ ref('events') }}
        union all
        select delivery_id from {{ ref('rejected_events') }}
    )
    group by delivery_id
)

select
    coalesce(staged.delivery_id, kept.delivery_id) as delivery_id,
    staged.n_staged,
    kept.n_kept
from staged
full outer join kept on staged.delivery_id = kept.delivery_id
where staged.n_staged is distinct from kept.n_kept
