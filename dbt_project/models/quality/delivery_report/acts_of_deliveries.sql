-- noqa: disable=LT02
-- What each delivery told, by table and code: acts, and those that could be no event, by fault. Acts that a
-- later delivery told again count too, so that two deliveries can be compared; what the normal life of a
-- case system leaves out (a talk still to come) does not. Restricted: a code may be prose about somebody.
with acts as (
    select
        judged.system_id,
        judged.delivery_id,
        judged.source_table,
        judged.source_code,
        judged.citizen_key,
        judged.source_file,
        judged.source_row,
        {{ fault_of_act('judged', 'judged') }} as fault
    from {{ ref('int_events_judged') }} as judged
    where
        judged.row_state <> 'deleted'
        and (judged.not_an_event is null or judged.not_an_event = 'ends_before_it_starts')
)

select
    {{ municipality_id() }} as municipality_id,
    system_id,
    delivery_id,
    source_table,
    source_code,
    fault,
    count(*) as n_acts,
    -- for what is told only: people behind a code nobody knows, and where the faults stand
    count(distinct citizen_key) filter (where fault = 'unmapped_code') as n_citizens,
    min(struct_pack(source_file := source_file, source_row := source_row), 5)
        filter (where fault is not null) as first_places
from acts
group by all
