-- What a queue is fitted from: how many turns began and ended on the same days. Counts only: of cases and
-- citizens nothing leaves `case_turns`. A talk outside its case is no turn of the queue.
select
    process_id,
    activity_id,
    is_first,
    begun_on,
    until_on,
    outcome,
    count(*) as n_turns
from {{ ref('case_turns') }}
where outcome <> 'outside'
group by process_id, activity_id, is_first, begun_on, until_on, outcome
