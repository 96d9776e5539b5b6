-- One row per process, unit and month: what a unit does, never what a person does. Counts are told in steps:
-- the units lie within the whole, which is told elsewhere.
with names as (
    select
        org_unit_id,
        arg_max(label_da, valid_from) as label_da,
        arg_max(label_en, valid_from) as label_en
    from {{ ref('told_units') }}
    group by org_unit_id
)

select
    {{ municipality_id() }} as municipality_id,
    workload.process_id,
    workload.org_unit_id,
    names.label_da,
    names.label_en,
    workload.month_on,
    workload.n_staff,
    {{ told_count('workload.n_events') }} as n_events,
    {{ told_count('workload.n_cases') }} as n_cases,
    {{ told_count('workload.n_citizens') }} as n_citizens,
    if(
        workload.n_machine_citizens = 0 or workload.n_machine_citizens >= {{ min_group_size() }},
        {{ told_count('workload.n_machine_events') }}, null
    ) as n_machine_events,
    {{ told_value('workload.n_events', told_count('workload.n_events'), 'workload.n_staff') }}
        as n_events_per_staff
from {{ ref('unit_months') }} as workload
inner join names on workload.org_unit_id = names.org_unit_id
where workload.n_citizens >= {{ min_group_size() }}
