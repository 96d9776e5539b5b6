-- Momentum keeps state, not events: one row per talk, task, offer, absence or period. Each row is told here
-- as the acts it stands for. `not_an_event` says why a row tells of no act yet.
-- The time a row was registered is the time of the row. Of an act that came over the row later (a task
-- done, a period ended) it tells only when it is not earlier than the act; otherwise nobody says when
-- the act was registered, and it stays unknown. The last change of a row is never taken for it.
select * from {{ ref('int_momentum_talks') }}
union all by name
select * from {{ ref('int_momentum_tasks') }}
union all by name
select * from {{ ref('int_momentum_caseworker_changes') }}
union all by name
select * from {{ ref('int_momentum_target_groups') }}
union all by name
select * from {{ ref('int_momentum_offers') }}
union all by name
select * from {{ ref('int_momentum_absences') }}
