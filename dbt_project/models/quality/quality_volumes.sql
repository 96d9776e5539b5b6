-- noqa: disable=LT01,LT02
-- Months of activities outside the band of the years before, per process and the regime of the month.
with bands as (
    select
        bands.*,
        regimes.regime_id
    from {{ ref('volume_bands') }} as bands
    left join {{ ref('regimes') }} as regimes
        on
            bands.process_id = regimes.process_id
            and {{ valid_at('bands.month_on', 'regimes.valid_from', 'regimes.valid_to') }}
),

counted as (
    select
        municipality_id,
        process_id,
        regime_id,
        count(*) filter (where state in ('below', 'above', 'inside')) as activity_months,
        count(*) filter (where state = 'clock_stop') as activity_months_in_clock_stops,
        count(*) filter (where state = 'no_yardstick') as activity_months_without_yardstick,
        count(*) filter (where state = 'below') as activity_months_below_band,
        count(*) filter (where state = 'above') as activity_months_above_band
    from bands
    group by all
)

select
    municipality_id,
    process_id,
    regime_id,
    activity_months,
    activity_months_in_clock_stops,
    activity_months_without_yardstick,
    -- null, not 0, when too few months could be judged for a share: a suite then says NO_DATA, not PASS
    {%- for direction in ['below', 'above'] %}
    activity_months_{{ direction }}_band,
    if(
        activity_months >= {{ limit('volume_min_months') }},
        100.0 * activity_months_{{ direction }}_band / activity_months,
        null
    ) as activity_months_{{ direction }}_band_percent
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
from counted
