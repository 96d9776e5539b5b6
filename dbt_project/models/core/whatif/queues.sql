-- One row per queue, the talks of one activity in one process: the whole weeks looked at, at most
-- `what_if_weeks`, from the first registration on where the log is younger, and who was in them.
with queues as (
    select
        process_id,
        activity_id,
        min(looked_from_on) as looked_from_on,
        min(looked_until_on) as until_on,
        count(distinct case_number) as n_cases,
        count(distinct citizen_number) as n_citizens,
        count(*) filter (where outcome = 'outside') as n_outside
    from {{ ref('case_turns') }}
    group by process_id, activity_id
),

logs as (
    select
        process_id,
        min(registered_on) as registered_from_on
    from {{ ref('cases') }}
    group by process_id
),

dated as (
    select
        queues.*,
        -- a week that had begun when the first case was registered is not whole
        greatest(queues.looked_from_on, cast(date_trunc('week', logs.registered_from_on + 6) as date))
            as from_on
    from queues
    inner join logs on queues.process_id = logs.process_id
)

select
    process_id,
    activity_id,
    from_on,
    until_on,
    cast(greatest(0, (date_diff('day', from_on, until_on) + 1) // 7) as bigint) as n_weeks,
    n_cases,
    n_citizens,
    n_outside
from dated
