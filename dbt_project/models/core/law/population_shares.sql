-- Rules that ask for a share of a cohort: counts of the cohort only, never a verdict on a case. One row per
-- rule version, target group and month of the anchor. Whose window is still open is pending even if the
-- number is reached already, and who left before its end is not in the cohort even if it was reached:
-- otherwise those who are quick, and those who leave, would flatter the share.
with facts as (
    select
        *,
        case
            when is_fund_missing or clock <> 'calendar' or anchor_on is null then 'not_computable'
            when is_closed_before_due or is_opened_after_due then 'closed_before_due'
            when is_window_open then 'pending'
            when counted >= required_count then 'reached'
            when exemption_id is not null then 'exempt'
            when is_never_opened or counted + counted_by_unknown >= required_count then 'not_computable'
            else 'not_reached'
        end as state
    from {{ ref('rule_counts') }}
    where kind = 'population_share'
)

select
    process_id,
    regime_id,
    rule_id,
    version,
    target_group,
    cast(date_trunc('month', coalesce(anchor_on, registered_on)) as date) as cohort_month,
    any_value(share_required) as share_required,
    any_value(required_count) as required_count,
    {% for name, states in [
        ('cohort', "('reached', 'not_reached')"), ('reached', "('reached')"), ('pending', "('pending')"),
        ('closed_before_due', "('closed_before_due')"), ('exempt', "('exempt')"),
        ('not_computable', "('not_computable')"),
    ] -%}
        count(*) filter (where state in {{ states }}) as n_{{ name }},
        count(distinct citizen_id) filter (where state in {{ states }}) as n_{{ name }}_citizens
        {%- if not loop.last %},{% endif %}
    {% endfor %}
from facts
group by process_id, regime_id, rule_id, version, target_group, cohort_month
