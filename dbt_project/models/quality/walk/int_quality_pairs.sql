-- Activities that are one step told as two: within seconds of another, nearly every time they occur. One row
-- per process, system and pair (first, second) that always comes together.
with gaps as (
    select
        process_id,
        system_id,
        previous_activity_code,
        activity_code,
        count(*) as n,
        count(*) filter (where seconds_since_previous <= {{ limit('collateral_seconds') }}) as n_close
    from {{ ref('int_quality_steps') }}
    group by process_id, system_id, previous_activity_code, activity_code
),

shares as (
    select
        *,
        sum(n) over (partition by process_id, system_id, activity_code) as n_of_second
    from gaps
)

select
    process_id,
    system_id,
    previous_activity_code,
    activity_code,
    n_close
from shares
where
    previous_activity_code <> activity_code
    and n_close >= {{ limit('collateral_occurrences') }}
    and 100.0 * n_close >= {{ limit('collateral_percent') }} * n_of_second
