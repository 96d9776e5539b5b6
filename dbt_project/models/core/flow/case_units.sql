-- One row per case of which a unit is told: the unit of most of its events (ties: the first by id), and the
-- units it went through, one after the other, stays merged. Events without a unit say nothing of a hand-over.
with unit_steps as (
    select
        steps.case_number,
        steps.event_number,
        units.unit_number
    from {{ ref('log_steps') }} as steps
    inner join {{ ref('events') }} as events on steps.event_key = events.event_key
    inner join {{ ref('org_units') }} as units on events.org_unit_id = units.org_unit_id
),

counted as (
    select
        case_number,
        unit_number,
        count(*) as n_events
    from unit_steps
    group by case_number, unit_number
),

chosen as (
    select
        case_number,
        arg_min(unit_number, (-n_events, unit_number)) as unit_number,
        count(*) as n_units
    from counted
    group by case_number
),

-- only a case that had several units has an order of them
walked as (
    select
        unit_steps.case_number,
        list(unit_steps.unit_number order by unit_steps.event_number) as units
    from unit_steps
    inner join chosen on unit_steps.case_number = chosen.case_number and chosen.n_units > 1
    group by unit_steps.case_number
)

select
    chosen.case_number,
    chosen.unit_number,
    chosen.n_units,
    coalesce(
        list_transform(
            list_filter(
                list_zip(walked.units, list_concat([null], walked.units), true),
                lambda pair: pair[1] is distinct from pair[2]
            ),
            lambda pair: pair[1]
        ),
        [chosen.unit_number]
    ) as unit_walk
from chosen
left join walked on chosen.case_number = walked.case_number
