-- An absence is told as its start and its end. The end date is the last day of the absence, as the system
-- tells it, and the act of the end happens on that day: an absence of one day begins and ends on it.
with absences as (
    select
        *,
        -- a period that ends before it begins tells neither: taken as it stands, it would never end
        case when end_on < start_on then 'ends_before_it_starts' end as fault
    from {{ ref('stg_momentum__absences') }}
),

absence_steps as (
    select
        *,
        unnest([
            {
                'step': 'start',
                'happened_on': start_on,
                'flag': start_on_flag
            },
            {
                'step': 'end',
                'happened_on': end_on,
                'flag': end_on_flag
            }
        ]) as act
    from absences
)

select
    'absences' as source_table,
    absence_id || '|' || act.step as source_key,
    citizen_key,
    cast(null as varchar) as case_key,
    absence_type || '|' || act.step as source_code,
    {{ local_midnight('act.happened_on') }} as occurred_at,
    'day' as occurred_precision,
    act.flag as occurred_flag,
    -- an absence told ahead was registered as a plan, not as the act
    case when {{ local_date('registered_at') }} >= act.happened_on then registered_at end as registered_at,
    registered_at_precision as registered_precision,
    updated_at as changed_at,
    cast(null as varchar) as resource_type,
    cast(null as varchar) as responsible_party,
    cast(null as varchar) as org_unit_id,
    'absence' as object_type,
    absence_id as object_key,
    -- a start or end that lies ahead is a plan
    coalesce(fault, case when act.happened_on > delivered_on then 'not_yet' end) as not_an_event,
    row_state,
    delivery_id,
    delivered_on,
    source_file,
    source_row
from absence_steps
-- an absence without a start is an act without a time, not a row that vanishes
where act.happened_on is not null or act.step = 'start'
