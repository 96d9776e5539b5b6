-- Who is compared about an initiative: one row per initiative, arm (target, comparison) and case that could
-- be followed for `follow_up_days` on its own side of the start. Before: the days of follow-up were over when
-- the initiative began. After: the case began under it, and its days were over when the data (or the
-- initiative) ended. A case that is too young to have the outcome, or that was caught halfway by the start,
-- is on neither side: counted, the first would look quick and the second would blur the step.
with initiatives as (
    select * from {{ ref('initiatives') }}
    where municipality_id = {{ municipality_id() }}
),

arms as (
    select
        *,
        'target' as arm,
        target_groups as groups,
        target_units as units
    from initiatives

    union all by name

    select
        *,
        'comparison' as arm,
        comparison_groups as groups,
        comparison_units as units
    from initiatives
    where comparison_groups is not null or comparison_units is not null
),

-- A case is of the unit of its first event that names one. Asked only where an initiative is for a unit.
units as (
    select
        event_log.process_id,
        event_log.case_id,
        arg_min(event_log.org_unit_id, event_log.event_number) as org_unit_id
    from {{ ref('event_log') }} as event_log
    where
        event_log.org_unit_id is not null
        and event_log.process_id in (
            select arms.process_id from arms
            where arms.units is not null
        )
    group by event_log.process_id, event_log.case_id
),

beside as (
    select
        arms.initiative_id,
        arms.arm,
        arms.measure,
        arms.measure_item,
        arms.follow_up_days,
        arms.starts_on,
        cases.process_id,
        cases.case_id,
        coalesce(cases.citizen_id, cases.case_id) as bearer_id,
        cases.registered_on,
        cases.ended_on,
        cases.registered_on >= arms.starts_on as is_after,
        least(as_of.as_of_on, arms.ends_on) as known_until_on
    from arms
    inner join {{ ref('cases') }} as cases on arms.process_id = cases.process_id
    left join units on cases.process_id = units.process_id and cases.case_id = units.case_id
    cross join {{ ref('int_as_of') }} as as_of
    where
        {{ list_has_or_empty('arms.groups', 'cases.target_group') }}
        and (
            arms.units is null
            or coalesce(list_contains(string_split(arms.units, '|'), units.org_unit_id), false)
        )
        and abs(date_diff('day', arms.starts_on, cases.registered_on))
        <= {{ limit('initiative_reach_days') }}
)

select
    *,
    -- counted from the start, so that no period lies on both sides of it
    cast(
        floor(date_diff('day', starts_on, registered_on) / {{ limit('initiative_period_days') }}) as integer
    ) as period_number,
    row_number() over (
        partition by initiative_id, arm, is_after, bearer_id order by registered_on, case_id
    ) = 1 as is_first_of_citizen
from beside
where
    registered_on + follow_up_days <= known_until_on
    and (is_after or registered_on + follow_up_days <= starts_on)
