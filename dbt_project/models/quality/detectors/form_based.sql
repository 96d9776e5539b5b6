-- Form-based event capture (Suriadi et al. 2017, pattern 1): acts that happened one after the other carry the
-- moment in which a form was saved. Here: different acts of one case, from different rows of the source,
-- with the very same time of day, of which it is not known that they were registered on different days.
-- Not meant: acts known by their day only, a time that is no time (zero_time), two acts told by one row,
-- one row told twice, and activities that always share their moment: these are one step (collateral).
with near as (
    -- what is known by its day only may stand between two acts of one moment
    select
        process_id,
        case_id,
        event_id,
        system_id,
        activity_code,
        previous_activity_code,
        occurred_at,
        registered_at
    from {{ ref('int_quality_steps') }}
    where
        occurred_precision <> 'day'
        and (
            occurred_at - previous_at <= interval 25 hour
            or next_at - occurred_at <= interval 25 hour
        )
),

same as (
    select
        process_id,
        case_id,
        occurred_at
    from near
    group by process_id, case_id, occurred_at
    having count(distinct activity_code) > 1
),

acts as (
    select
        near.*,
        {{ local_date('near.registered_at') }} as registered_on,
        concat_ws('|', events.source_row, events.source_file) as source
    from near
    inner join same
        on
            near.process_id = same.process_id
            and near.case_id = same.case_id
            and near.occurred_at = same.occurred_at
    inner join {{ ref('events') }} as events on near.event_id = events.event_id
    anti join {{ ref('zero_time') }} as zero_times
        on near.event_id = zero_times.event_id and near.process_id = zero_times.process_id
    anti join {{ ref('int_quality_pairs') }} as pairs
        on
            near.process_id = pairs.process_id
            and near.system_id = pairs.system_id
            and near.previous_activity_code = pairs.previous_activity_code
            and near.activity_code = pairs.activity_code
)

select
    'form_based' as pattern_id,
    event_id,
    process_id,
    case_id
from acts
window one_form as (partition by process_id, case_id, occurred_at, registered_on)
qualify
    least(count(distinct activity_code) over one_form, count(distinct source) over one_form)
    >= {{ limit('form_based_events') }}
