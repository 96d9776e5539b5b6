select
    -- stands for the id where rows are joined and ordered: a number costs a fifth of a text. Two of ten
    -- million have the same one by a chance of one to 300,000, and the build then says so.
    hash(event_id) as event_key,
    event_id,
    {{ municipality_id() }} as municipality_id,
    system_id,
    source_table,
    activity_id,
    occurred_at,
    occurred_on,
    occurred_precision,
    registered_at,
    registered_precision,
    changed_at,
    -- from the act to its registration. Where one of the two is known by its day only, whole days
    -- between the two Danish days: no hour is made up. Null where either is unknown.
    case
        when occurred_precision = 'day' or registered_precision = 'day'
            then cast(date_diff('day', occurred_on, {{ local_date('registered_at') }}) as double)
        else (epoch_us(registered_at) - epoch_us(occurred_at)) / 86400e6
    end as registration_lag_days,
    case occurred_precision when 'day' then 'date_only' else 'as_recorded' end as time_source,
    started_at,
    ended_at,
    resource_type,
    responsible_party,
    org_unit_id,
    -- the row that mapped an absence tells its kind
    case when source_table <> 'absences' then mapping_id end as mapping_id,
    delivery_id,
    delivered_on,
    source_file,
    source_row
from {{ ref('int_events_judged') }}
where reject_reason is null
