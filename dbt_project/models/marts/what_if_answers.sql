-- What if people were due a talk more often, or more could be held? One row per question and measure: the
-- weeks to come replayed with nothing changed and with the change, each with the interval that 95 % of the
-- replays lie in, beside what was seen and what the model makes of it. Of few citizens nothing is replayed
-- (below_minimum_group); what was seen is left out where few stand behind it or beside it.
with answers as (
    select * from {{ source('mining', 'what_if_answers') }}
)

select
    {{ municipality_id() }} as municipality_id,
    cast(what_if_id as varchar) as what_if_id,
    cast(title_da as varchar) as title_da,
    cast(title_en as varchar) as title_en,
    cast(process_id as varchar) as process_id,
    cast(activity_id as varchar) as activity_id,
    cast(label_da as varchar) as label_da,
    cast(label_en as varchar) as label_en,
    cast(quota_days as bigint) as quota_days,
    cast(first_days as bigint) as first_days,
    cast(new_quota_days as bigint) as new_quota_days,
    cast(staffing_factor as double) as staffing_factor,
    cast(seen_from_on as date) as seen_from_on,
    cast(seen_until_on as date) as seen_until_on,
    cast(n_weeks as bigint) as n_weeks,
    cast(n_busy_weeks as bigint) as n_busy_weeks,
    {{ told_count('n_cases') }} as n_cases,
    cast({{ told_citizens('n_citizens') }} as bigint) as n_citizens,
    round(talks_per_working_day, 1) as talks_per_working_day,
    cast(weeks_ahead as bigint) as weeks_ahead,
    cast(outcome as varchar) as outcome,
    cast(reason as varchar) as reason,
    cast(measure as varchar) as measure,
    -- a percentile says something of those beyond it: ten per cent of these
    case
        when measure <> 'p90_days_late' or n_observed_citizens >= 4 * {{ min_group_size() }}
            then round(observed, 2)
    end as observed,
    cast({{ told_citizens('n_observed_citizens') }} as bigint) as n_observed_citizens,
    round(replayed_low, 2) as replayed_low,
    round(replayed_high, 2) as replayed_high,
    round(unchanged, 2) as unchanged,
    round(unchanged_low, 2) as unchanged_low,
    round(unchanged_high, 2) as unchanged_high,
    round(changed, 2) as changed,
    round(changed_low, 2) as changed_low,
    round(changed_high, 2) as changed_high,
    round(difference, 2) as difference,
    round(difference_low, 2) as difference_low,
    round(difference_high, 2) as difference_high,
    cast(sentence_da as varchar) as sentence_da,
    cast(sentence_en as varchar) as sentence_en
from answers
