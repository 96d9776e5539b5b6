-- A period with a primary caseworker is an act where it is a change of person.
with target_groups as (
    select * from {{ ref('stg_momentum__target_groups') }}
),

-- A change is a new primary caseworker who is another person than the one before: a new period with
-- the same caseworker (a move of team, a re-labelled unit) is none.
caseworker_periods as (
    select
        *,
        lag(caseworker_key ignore nulls) over (
            partition by citizen_key, row_state, role
            order by start_on, assignment_id
        ) as previous_caseworker_key,
        -- who has the citizen when a course begins is its first caseworker, whoever had an earlier one
        exists(
            select 1 from target_groups
            where
                target_groups.row_state = 'current'
                and target_groups.citizen_key = periods.citizen_key
                and target_groups.start_on = periods.start_on
        ) as begins_a_course
    from {{ ref('stg_momentum__caseworkers') }} as periods
)

select
    'caseworkers' as source_table,
    assignment_id as source_key,
    citizen_key,
    cast(null as varchar) as case_key,
    'primary_change' as source_code,
    {{ local_midnight('start_on') }} as occurred_at,
    'day' as occurred_precision,
    start_on_flag as occurred_flag,
    registered_at,
    registered_at_precision as registered_precision,
    cast(null as timestamp) as changed_at,
    'human' as resource_type,
    cast(null as varchar) as responsible_party,
    org_unit_id,
    cast(null as varchar) as object_type,
    cast(null as varchar) as object_key,
    case
        when coalesce(role, '') <> '1' then 'not_a_primary_caseworker'
        when caseworker_key is null then 'no_caseworker'
        when row_state = 'current' and previous_caseworker_key is null then 'first_caseworker'
        when row_state = 'current' and previous_caseworker_key = caseworker_key then 'same_caseworker'
        when row_state = 'current' and begins_a_course then 'first_caseworker'
    end as not_an_event,
    row_state,
    delivery_id,
    delivered_on,
    source_file,
    source_row
from caseworker_periods
