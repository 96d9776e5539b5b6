-- Codes whose company shifts with a legal change while their mapping stays: one row per code and change,
-- with how far. The total variation distance of two distributions is half the sum of their differences;
-- drawn from one distribution it is still above 0, by sqrt(2 / pi) / 2 times the sum of the standard errors
-- on average. What goes beyond that, and beyond what the code drifted in the window before, is the shift.
with contexts as (
    select * from {{ ref('int_quality_code_contexts') }}
),

summed as (
    select
        *,
        sum(n_after) over one_context as all_after,
        sum(n_before) over one_context as all_before,
        sum(n_earlier) over one_context as all_earlier
    from contexts
    window
        one_context as (
            partition by change_id, system_id, source_table, mapping_id, activity_code, context
        )
),

pooled as (
    select
        *,
        (n_after + n_before) / (all_after + all_before) as share
    from summed
    where all_after >= {{ limit('meaning_min_acts') }} and all_before >= {{ limit('meaning_min_acts') }}
),

measured as (
    select
        change_id,
        system_id,
        source_table,
        mapping_id,
        activity_code,
        context,
        sum(abs(n_after / all_after - n_before / all_before)) / 2 as distance,
        sqrt(2 / pi()) / 2 * sum(sqrt(share * (1 - share) * (1 / all_after + 1 / all_before))) as by_chance,
        if(
            any_value(all_earlier) >= {{ limit('meaning_min_acts') }},
            sum(abs(n_before / all_before - n_earlier / nullif(all_earlier, 0))) / 2,
            0
        ) as drift
    from pooled
    group by all
)

select
    measured.change_id,
    measured.system_id,
    measured.source_table,
    measured.mapping_id,
    activities.activity_id,
    measured.context,
    measured.distance,
    measured.distance - greatest(measured.by_chance, measured.drift) as shift
from measured
inner join {{ ref('activity_codes') }} as activities on measured.activity_code = activities.activity_code
where
    measured.distance - greatest(measured.by_chance, measured.drift)
    >= {{ limit('meaning_smallest_shift') }}
