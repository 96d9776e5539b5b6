-- Which deviations the municipality has accepted, on the day the data are of: what has expired by then is
-- told again, without anybody doing something. Of several rows for one deviation the one that holds counts,
-- and one for the regime before one for all.
select
    accepted.process_id,
    regimes.regime_id,
    accepted.model_kind,
    accepted.deviation_kind,
    array_to_string(list_sort(string_split(accepted.activity_ids, '|')), '|') as activity_ids,
    accepted.reason_da,
    accepted.reason_en,
    accepted.owner_role,
    accepted.accepted_on,
    accepted.expires_on,
    if(accepted.expires_on <= as_of.as_of_on, 'expired', 'accepted') as acceptance
from {{ ref('accepted_deviations') }} as accepted
inner join {{ ref('regimes') }} as regimes
    on
        accepted.process_id = regimes.process_id
        and coalesce(accepted.regime_id, regimes.regime_id) = regimes.regime_id
cross join {{ ref('int_as_of') }} as as_of
where
    accepted.municipality_id = {{ municipality_id() }}
    and accepted.accepted_on <= as_of.as_of_on
qualify row_number() over (
    partition by
        accepted.process_id, regimes.regime_id, accepted.model_kind, accepted.deviation_kind,
        array_to_string(list_sort(string_split(accepted.activity_ids, '|')), '|')
    order by
        accepted.expires_on <= as_of.as_of_on asc, accepted.regime_id is null asc,
        accepted.expires_on desc, accepted.acceptance_id asc
) = 1
