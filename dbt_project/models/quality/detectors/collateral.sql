-- Collateral events (Suriadi et al. 2017, pattern 7): several events for one step of work. Here: of all
-- events of an activity, in one process and system, nearly all follow directly on one other activity
-- within seconds (int_quality_pairs). The finding is the second event; the first one stands for the step.
-- Not meant: two acts that now and then come close together, and what follows each time but later.
select
    'collateral' as pattern_id,
    steps.event_id,
    steps.process_id,
    steps.case_id
from {{ ref('int_quality_steps') }} as steps
inner join {{ ref('int_quality_pairs') }} as pairs
    on
        steps.process_id = pairs.process_id
        and steps.system_id = pairs.system_id
        and steps.previous_activity_code = pairs.previous_activity_code
        and steps.activity_code = pairs.activity_code
where steps.seconds_since_previous <= {{ limit('collateral_seconds') }}
