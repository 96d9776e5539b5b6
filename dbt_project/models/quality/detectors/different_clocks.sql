-- Different clocks: two systems tell of the same act of the same citizen, and the one is always the same time
-- ahead of the other. Here: the same activity of a citizen within hours in two systems; over enough such
-- pairs nearly all lie within a minute of their median, and the median is minutes or hours. The findings
-- are the acts told twice, in both systems: nobody can say which clock is the right one.
-- Not meant: two systems that agree, and two whose times differ now by this and now by that (people).
with citizens as (
    select citizen_id from {{ ref('int_courses') }}
    group by citizen_id
    having min(system_id) <> max(system_id)
),

acts as (
    select
        cases.citizen_id,
        steps.process_id,
        steps.case_id,
        steps.event_id,
        steps.system_id,
        steps.activity_code,
        steps.occurred_at
    from {{ ref('int_quality_steps') }} as steps
    inner join {{ ref('cases') }} as cases
        on steps.process_id = cases.process_id and steps.case_id = cases.case_id
    inner join citizens on cases.citizen_id = citizens.citizen_id
    where steps.occurred_precision <> 'day'
),

-- an event of several processes is one act
twice as (
    select distinct
        one.event_id as one_event_id,
        other.event_id as other_event_id,
        one.system_id as one_system_id,
        other.system_id as other_system_id,
        epoch_us(other.occurred_at - one.occurred_at) / 60e6 as minutes
    from acts as one
    inner join acts as other
        on
            one.citizen_id = other.citizen_id
            and one.activity_code = other.activity_code
            and one.system_id < other.system_id
            and other.occurred_at
            between one.occurred_at - interval 4 hour and one.occurred_at + interval 4 hour
),

offsets as (
    select
        one_system_id,
        other_system_id,
        median(minutes) as minutes
    from twice
    group by one_system_id, other_system_id
),

constant as (
    select
        twice.one_system_id,
        twice.other_system_id,
        offsets.minutes
    from twice
    inner join offsets
        on
            twice.one_system_id = offsets.one_system_id
            and twice.other_system_id = offsets.other_system_id
    where abs(offsets.minutes) >= {{ limit('different_clocks_minutes') }}
    group by twice.one_system_id, twice.other_system_id, offsets.minutes
    having
        count(*) >= {{ limit('different_clocks_pairs') }}
        and 100.0 * count(*) filter (where abs(twice.minutes - offsets.minutes) <= 1)
        >= {{ limit('different_clocks_percent') }} * count(*)
),

found as (
    select distinct unnest([twice.one_event_id, twice.other_event_id]) as event_id
    from twice
    inner join constant
        on
            twice.one_system_id = constant.one_system_id
            and twice.other_system_id = constant.other_system_id
    where abs(twice.minutes - constant.minutes) <= 1
)

select
    'different_clocks' as pattern_id,
    acts.event_id,
    acts.process_id,
    acts.case_id
from acts
inner join found on acts.event_id = found.event_id
