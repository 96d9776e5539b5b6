-- A talk is told as up to two acts: that it was booked, and what came of it.
with contacts as (
    select * from {{ ref('stg_momentum__contacts') }}
),

bookings as (
    select
        'contacts' as source_table,
        contact_id || '|booking' as source_key,
        citizen_key,
        cast(null as varchar) as case_key,
        'booked:' || booked_by as source_code,
        booked_at as occurred_at,
        booked_at_precision as occurred_precision,
        booked_at_flag as occurred_flag,
        registered_at,
        registered_at_precision as registered_precision,
        updated_at as changed_at,
        case booked_by when 'citizen' then 'citizen' else resource_type end as resource_type,
        cast(null as varchar) as responsible_party,
        org_unit_id,
        'contact' as object_type,
        contact_id as object_key,
        cast(null as varchar) as not_an_event,
        row_state,
        delivery_id,
        delivered_on,
        source_file,
        source_row
    from contacts
    where booked_by is not null
),

talks as (
    select
        'contacts' as source_table,
        contact_id || '|outcome' as source_key,
        citizen_key,
        cast(null as varchar) as case_key,
        case state when 'held' then 'held:' || contact_type else state end as source_code,
        -- a talk is cancelled or moved when somebody does so, not when it would have been held
        case
            when state in ('cancelled', 'rebooked') then least(updated_at, held_at)
            else held_at
        end as occurred_at,
        case
            when state in ('cancelled', 'rebooked') and coalesce(updated_at < held_at, held_at is null)
                then updated_at_precision
            else held_at_precision
        end as occurred_precision,
        case
            when state in ('cancelled', 'rebooked') and coalesce(updated_at < held_at, held_at is null)
                then updated_at_flag
            else held_at_flag
        end as occurred_flag,
        registered_at,
        registered_at_precision as registered_precision,
        updated_at as changed_at,
        resource_type,
        responsible_party,
        org_unit_id,
        'contact' as object_type,
        contact_id as object_key,
        case when state = 'planned' then 'not_completed' end as not_an_event,
        row_state,
        delivery_id,
        delivered_on,
        source_file,
        source_row
    from contacts
)

select * from bookings
union all by name
select * from talks
