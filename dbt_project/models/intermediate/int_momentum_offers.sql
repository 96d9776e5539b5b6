-- An offer is told as granted, started and ended, each where it has a date.
with offers as (
    select * from {{ ref('stg_momentum__offers') }}
),

offer_steps as (
    select
        *,
        unnest([
            {
                'step': 'granted',
                'code': 'granted',
                'occurred_at': granted_at,
                'precision': granted_at_precision,
                'flag': granted_at_flag
            },
            {
                'step': 'start',
                'code': 'start',
                'occurred_at': {{ local_midnight('start_on') }},
                'precision': 'day',
                'flag': start_on_flag
            },
            {
                'step': 'end',
                'code': 'end:' || coalesce(end_reason, 'GENNEMFOERT'),
                'occurred_at': {{ local_midnight('end_on') }},
                'precision': 'day',
                'flag': end_on_flag
            }
        ]) as act
    from offers
)

select
    'offers' as source_table,
    offer_id || '|' || act.step as source_key,
    citizen_key,
    cast(null as varchar) as case_key,
    act.code as source_code,
    act.occurred_at as occurred_at,
    act.precision as occurred_precision,
    act.flag as occurred_flag,
    cast(null as timestamp) as registered_at,
    cast(null as varchar) as registered_precision,
    updated_at as changed_at,
    resource_type,
    cast(null as varchar) as responsible_party,
    cast(null as varchar) as org_unit_id,
    'offer' as object_type,
    offer_id as object_key,
    -- a start or end that lies ahead is a plan
    case when {{ local_date('act.occurred_at') }} > delivered_on then 'not_yet' end as not_an_event,
    row_state,
    delivery_id,
    delivered_on,
    source_file,
    source_row
from offer_steps
-- an offer that tells no date at all is one act without a time, not a row that vanishes
where
    act.occurred_at is not null
    or (act.step = 'granted' and coalesce(start_on, end_on) is null)
