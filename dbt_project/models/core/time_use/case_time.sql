-- Where the time of each case goes, by who acts and by what the act is worth to the citizen: acts, and the
-- time that passed until they came. The time up to an act is the act's (the case waited for it, or it took
-- so long); the first act of a case waited for nothing that the log knows. What an act is worth is the
-- municipality's own word of the day on which it was done; unclassified where it has none.
with worth as (
    select
        activities.activity_code,
        held.valid_from,
        held.valid_to,
        held.value_class
    from {{ ref('activity_values') }} as held
    inner join {{ ref('activity_codes') }} as activities on held.activity_id = activities.activity_id
    where held.municipality_id = {{ municipality_id() }}
),

acts as (
    select
        steps.case_number,
        steps.resource_code,
        coalesce(worth.value_class, 'unclassified') as value_class,
        count(*) as n_events
    from {{ ref('log_steps') }} as steps
    left join worth
        on
            steps.activity_code = worth.activity_code
            and {{ valid_at('steps.occurred_on', 'worth.valid_from', 'worth.valid_to') }}
    group by steps.case_number, steps.resource_code, worth.value_class
),

waits as (
    select
        steps.case_number,
        steps.next_resource_code as resource_code,
        coalesce(worth.value_class, 'unclassified') as value_class,
        sum(steps.elapsed_seconds) as elapsed_seconds,
        sum(steps.working_seconds) as working_seconds
    from {{ ref('log_steps') }} as steps
    left join worth
        on
            steps.next_activity_code = worth.activity_code
            and {{ valid_at('steps.next_on', 'worth.valid_from', 'worth.valid_to') }}
    where steps.next_activity_code is not null
    group by steps.case_number, steps.next_resource_code, worth.value_class
)

select
    acts.case_number,
    acts.resource_code,
    acts.value_class,
    acts.n_events,
    coalesce(waits.elapsed_seconds, 0) as elapsed_seconds,
    coalesce(waits.working_seconds, 0) as working_seconds
from acts
left join waits
    on
        acts.case_number = waits.case_number
        and acts.resource_code = waits.resource_code
        and acts.value_class = waits.value_class
