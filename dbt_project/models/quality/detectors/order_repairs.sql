-- Events that stand on the wrong side of what nearly always comes first (int_quality_order), and what would
-- put each right: its day moved by one day, month or year, or day and month swapped. Either of two may be
-- the wrong one: the early one told too early, or the late one too late. One repair per break of order:
-- of the event that stands further from its other neighbour, and the smallest that does. Where its
-- registration is known, the repair must bring the day nearer to it. Nothing is mended: the repair only
-- says what the fault was. The order within one day is a convention and breaks nothing.
-- First the few steps that are out of order, then the acts of their cases: the log is large, and nobody can
-- foresee that they are few.
with out_of_order as materialized (
    select
        steps.process_id,
        steps.case_id,
        steps.event_number,
        steps.event_id,
        steps.occurred_on,
        steps.registered_at,
        steps.previous_at,
        usual.earlier_code
    from {{ ref('int_quality_steps') }} as steps
    inner join {{ ref('int_quality_order') }} as usual
        on
            steps.process_id = usual.process_id
            and steps.activity_code = usual.later_code
            and steps.next_activity_code = usual.earlier_code
),

acts as materialized (
    select
        steps.process_id,
        steps.case_id,
        steps.event_number,
        steps.event_id,
        steps.activity_code,
        steps.occurred_on,
        steps.registered_at,
        steps.next_at
    from {{ ref('int_quality_steps') }} as steps
    semi join (
        select
            process_id,
            case_id
        from out_of_order
        group by process_id, case_id
    ) as broken on steps.process_id = broken.process_id and steps.case_id = broken.case_id
),

breaks as materialized (
    select
        early.process_id,
        early.case_id,
        early.event_number,
        early.earlier_code,
        early.event_id as early_id,
        early.occurred_on as early_on,
        early.registered_at as early_registered_at,
        early.previous_at,
        late.event_id as late_id,
        late.occurred_on as late_on,
        late.registered_at as late_registered_at,
        late.next_at,
        {{ local_date('cases.start_at') }} as start_on,
        {{ local_date('cases.end_at') }} as end_on
    from out_of_order as early
    inner join acts as late
        on
            early.process_id = late.process_id
            and early.case_id = late.case_id
            and late.event_number = early.event_number + 1
    inner join {{ ref('cases') }} as cases
        on early.process_id = cases.process_id and early.case_id = cases.case_id
    where late.occurred_on > early.occurred_on
),

-- the act that should stand before did so once already
in_order as (
    select distinct
        breaks.process_id,
        breaks.case_id,
        breaks.event_number
    from acts
    inner join breaks
        on
            acts.process_id = breaks.process_id
            and acts.case_id = breaks.case_id
            and acts.activity_code = breaks.earlier_code
    where acts.event_number < breaks.event_number
),

suspects as (
    select
        process_id,
        case_id,
        event_number,
        early_id as event_id,
        early_on as occurred_on,
        {{ local_date('early_registered_at') }} as registered_on,
        1 as direction,
        late_on as right_from,
        end_on + to_days(cast({{ limit('order_slack_days') }} as integer)) as right_to,
        date_diff('day', {{ local_date('previous_at') }}, early_on) as alone_days
    from breaks
    union all by name
    select
        process_id,
        case_id,
        event_number,
        late_id as event_id,
        late_on as occurred_on,
        {{ local_date('late_registered_at') }} as registered_on,
        -1 as direction,
        start_on - to_days(cast({{ limit('order_slack_days') }} as integer)) as right_from,
        early_on as right_to,
        date_diff('day', late_on, {{ local_date('next_at') }}) as alone_days
    from breaks
),

repairs as (
    select
        suspects.*,
        moves.size,
        cast(
            case moves.size
                when 1 then occurred_on + to_days(direction)
                when 2
                    then case
                        when day(occurred_on) <= 12 and day(occurred_on) <> month(occurred_on)
                            then make_date(year(occurred_on), day(occurred_on), month(occurred_on))
                    end
                when 3 then occurred_on + to_months(direction)
                when 4 then occurred_on + to_years(direction)
            end as date
        ) as moved_on
    from suspects
    anti join in_order
        on
            suspects.process_id = in_order.process_id
            and suspects.case_id = in_order.case_id
            and suspects.event_number = in_order.event_number
    cross join range(1, 5) as moves (size)
)

select
    case size when 2 then 'swapped_day_month' else 'time_travel' end as pattern_id,
    event_id,
    process_id,
    case_id
from repairs
where
    moved_on between right_from and right_to
    and (
        registered_on is null
        or abs(date_diff('day', moved_on, registered_on)) < abs(date_diff('day', occurred_on, registered_on))
    )
qualify
    row_number() over (
        partition by process_id, case_id, event_number
        order by
            registered_on is null asc, alone_days desc nulls first, direction desc, size asc
    ) = 1
