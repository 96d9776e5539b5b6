{{ config(meta={'dagster': {'ref': {'name': 'directly_follows'}}}) }}
-- Holds on every event log: edges walked = events - cases; cases started = cases ended = cases.
with cases as (
    select
        process_id,
        regime_id,
        sum(n_events) - count(*) as n_edges,
        count(*) as n_cases
    from {{ ref('cases') }}
    where n_events > 0
    group by process_id, regime_id
),

edges as (
    select
        process_id,
        regime_id,
        sum(n_occurrences) as n_edges
    from {{ ref('directly_follows') }}
    group by process_id, regime_id
),

ends as (
    select
        process_id,
        regime_id,
        sum(n_cases) filter (where kind = 'start') as n_starts,
        sum(n_cases) filter (where kind = 'end') as n_ends
    from {{ ref('start_end_activities') }}
    group by process_id, regime_id
)

select
    cases.process_id,
    cases.regime_id
from cases
left join edges
    on cases.process_id = edges.process_id and cases.regime_id is not distinct from edges.regime_id
left join ends
    on cases.process_id = ends.process_id and cases.regime_id is not distinct from ends.regime_id
where
    cases.n_edges <> coalesce(edges.n_edges, 0)
    or cases.n_cases is distinct from ends.n_starts
    or cases.n_cases is distinct from ends.n_ends
