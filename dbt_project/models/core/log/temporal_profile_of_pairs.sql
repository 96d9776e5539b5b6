-- How long after an activity another one comes, and which cases are far from that: the temporal profile of
-- Stertz, Mangler and Rinderle-Ma (Temporal Conformance Checking at Runtime based on Time-infused Process
-- Models, 2020), from the first of the one to the first of the other where that comes later. They take all
-- pairs of events of a case, which grows with the square of its length; of a case in which no activity is
-- repeated both are the same. Of activities that a twentieth of the cases of a slice have, or the pairs are
-- thousands. Far is more than three standard deviations from the mean.
with sizes as (
    select
        slice_number,
        any_value(process_id) as process_id,
        any_value(regime_id) as regime_id,
        sum(n_cases) as n_cases
    from {{ ref('variants') }}
    group by slice_number
),

frequent as (
    select
        acts.slice_number,
        acts.activity_code
    from {{ ref('first_acts') }} as acts
    inner join sizes on acts.slice_number = sizes.slice_number
    group by acts.slice_number, acts.activity_code
    having 20 * count(*) >= any_value(sizes.n_cases)
),

acts as (
    select
        acts.case_number,
        acts.slice_number,
        acts.activity_code,
        acts.event_number,
        acts.occurred_at,
        notions.citizen_number
    from {{ ref('first_acts') }} as acts
    inner join frequent
        on acts.slice_number = frequent.slice_number and acts.activity_code = frequent.activity_code
    inner join {{ ref('int_case_notions') }} as notions on acts.case_number = notions.case_number
),

-- made anew for each of the two that read it: kept, it would be the largest table of all
pairs as not materialized (
    select
        earlier.slice_number,
        earlier.activity_code,
        later.activity_code as later_activity_code,
        earlier.citizen_number,
        -- an act known by its day only stands at midnight: after a timed act of that day no time has passed
        greatest(epoch_us(later.occurred_at) - epoch_us(earlier.occurred_at), 0) as microseconds
    from acts as earlier
    inner join acts as later
        on earlier.case_number = later.case_number and earlier.event_number < later.event_number
),

profile as (
    select
        slice_number,
        activity_code,
        later_activity_code,
        count(*) as n_cases,
        count(distinct citizen_number) as n_citizens,
        sum(microseconds) / count(*) / 1e6 as mean_seconds,
        -- of exact sums: a deviation that is carried along differs in its last digit from build to build
        sqrt(greatest(
            cast(sum(cast(microseconds as hugeint) * microseconds) as double)
            - cast(sum(microseconds) as double) * (sum(microseconds) / count(*)), 0
        ) / (count(*) - 1)) / 1e6 as sd_seconds
    from pairs
    group by slice_number, activity_code, later_activity_code
    having count(*) > 1
),

judged as (
    select
        pairs.slice_number,
        pairs.activity_code,
        pairs.later_activity_code,
        count(*) as n_outside_cases,
        count(distinct pairs.citizen_number) as n_outside_citizens
    from pairs
    inner join profile
        on
            pairs.slice_number = profile.slice_number
            and pairs.activity_code = profile.activity_code
            and pairs.later_activity_code = profile.later_activity_code
    where abs(pairs.microseconds / 1e6 - profile.mean_seconds) > 3 * profile.sd_seconds
    group by pairs.slice_number, pairs.activity_code, pairs.later_activity_code
)

select
    sizes.process_id,
    sizes.regime_id,
    origins.activity_id as from_activity_id,
    targets.activity_id as to_activity_id,
    profile.n_cases,
    profile.n_citizens,
    sizes.n_cases as n_slice_cases,
    profile.mean_seconds,
    profile.sd_seconds,
    coalesce(judged.n_outside_cases, 0) as n_outside_cases,
    coalesce(judged.n_outside_citizens, 0) as n_outside_citizens
from profile
inner join sizes on profile.slice_number = sizes.slice_number
inner join {{ ref('activity_codes') }} as origins on profile.activity_code = origins.activity_code
inner join {{ ref('activity_codes') }} as targets on profile.later_activity_code = targets.activity_code
left join judged
    on
        profile.slice_number = judged.slice_number
        and profile.activity_code = judged.activity_code
        and profile.later_activity_code = judged.later_activity_code
