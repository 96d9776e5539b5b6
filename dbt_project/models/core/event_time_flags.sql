-- What is odd about the time of an event, one row per event and flag. Flagged, never repaired: the event
-- keeps the time its source told. What a system's artefacts look like are rows of `time_artefacts`.
with acts as (
    select
        event_id,
        system_id,
        citizen_key,
        activity_id,
        org_unit_id,
        occurred_at,
        occurred_on,
        occurred_precision <> 'day' as is_timed,
        occurred_flag,
        registered_at,
        registered_precision,
        {{ local_date('registered_at') }} as registered_on,
        delivery_id,
        delivered_on,
        source_file,
        source_row,
        cast(occurred_at as time) as utc_time,
        cast(timezone('Europe/Copenhagen', timezone('UTC', occurred_at)) as time) as local_time
    from {{ ref('int_events_judged') }}
    where reject_reason is null
),

-- Told by the reader (an hour that a clock change skips or doubles, a date that is no local midnight)
-- or seen on the event alone.
on_its_own as (
    select
        event_id,
        unnest([
            occurred_flag,
            case when occurred_on > delivered_on then 'after_delivery' end,
            case
                when is_timed and registered_precision <> 'day' and registered_at < occurred_at
                    then 'registered_before_occurred'
                when registered_on < occurred_on then 'registered_before_occurred'
            end
        ]) as flag
    from acts
),

declared as (
    select
        acts.event_id,
        artefacts.flag
    from acts
    inner join {{ ref('time_artefacts') }} as artefacts
        on
            coalesce(artefacts.system_id, acts.system_id) = acts.system_id
            and (
                acts.occurred_on = artefacts.on_date
                or (acts.is_timed and acts.local_time = artefacts.local_time)
                or (acts.is_timed and acts.utc_time = artefacts.utc_time)
            )
),

talks as (
    select
        acts.event_id,
        acts.occurred_at - lag(acts.occurred_at) over by_time as since_last,
        lead(acts.occurred_at) over by_time - acts.occurred_at as until_next
    from acts
    inner join {{ ref('activities') }} as activities
        on acts.activity_id = activities.activity_id and activities.family = 'talk'
    where acts.is_timed
    window by_time as (partition by acts.citizen_key order by acts.occurred_at, acts.event_id)
),

-- One row of a source can tell of several acts: what was written at once is counted in rows.
batches as (
    select
        acts.system_id,
        acts.org_unit_id,
        acts.registered_at
    from acts
    inner join {{ ref('time_artefacts') }} as artefacts
        on
            artefacts.flag = 'batch_second'
            and coalesce(artefacts.system_id, acts.system_id) = acts.system_id
    where acts.registered_precision = 'second'
    group by all
    having
        count(distinct concat_ws('|', acts.delivery_id, acts.source_file, acts.source_row))
        >= min(artefacts.min_rows)
),

found as (
    select * from on_its_own
    union
    select * from declared
    union
    select
        event_id,
        'minute_apart' as flag
    from talks
    where since_last = interval 1 minute or until_next = interval 1 minute
    union
    select
        acts.event_id,
        'batch_second' as flag
    from acts
    inner join batches
        on
            acts.system_id = batches.system_id
            and acts.org_unit_id is not distinct from batches.org_unit_id
            and acts.registered_at = batches.registered_at
            and acts.registered_precision = 'second'
)

select
    {{ municipality_id() }} as municipality_id,
    event_id,
    flag
from found
where flag is not null
