{#- The columns of the mart `deviations`, from its CTEs. -#}
{% macro deviation_columns() -%}
select
    {{ municipality_id() }} as municipality_id,
    cast(told.process_id as varchar) as process_id,
    cast(told.regime_id as varchar) as regime_id,
    cast(told.model_kind as varchar) as model_kind,
    cast(told.outcome as varchar) as outcome,
    cast(told.grain as varchar) as grain,
    told.n_told as n_cases,
    cast(coalesce({{ told_citizens('told.n_aligned_citizens') }}, 0) as bigint) as n_citizens,
    round(told.n_aligned / told.n_cases, 2) as coverage,
    round(told.fitness, 2) as fitness,
    cast(told.kind as varchar) as deviation_kind,
    cast(told.activity_ids as varchar) as activity_ids,
    names.activity_da,
    names.activity_en,
    cast(told.after_activity_id as varchar) as after_activity_id,
    told.n_with_told as n_with,
    cast({{ told_citizens('told.n_with_citizens') }} as bigint) as n_with_citizens,
    cast({{ told_citizens('told.n_without_citizens') }} as bigint) as n_without_citizens,
    {{ told_value('told.n_with', 'told.n_with_told', 'told.n_told') }} as share_with,
    if(told.grain = 'slice', null, coalesce(accepted.acceptance, 'not_accepted')) as acceptance,
    accepted.reason_da as accepted_reason_da,
    accepted.reason_en as accepted_reason_en,
    accepted.owner_role as accepted_by,
    accepted.expires_on as accepted_until_on,
    named.rule_ids,
    breaches.n_judged,
    breaches.n_judged_citizens,
    breaches.n_breached,
    breaches.n_breached_citizens,
    {{ told_value('breaches.n_breached', 'breaches.n_breached', 'breaches.n_judged') }} as share_breached,
    case
        when told.outcome = 'no_model' and told.model_kind = 'reference'
            then 'Dette lovregime har ingen referencemodel.'
        when told.outcome = 'no_model' then 'Der er ingen opdaget model at sammenligne med.'
        when told.outcome = 'no_case' then 'Der er ingen sager at sammenligne.'
        when told.outcome = 'too_complex' then 'Sagerne kunne ikke sammenlignes med modellen inden for grænsen.'
        when told.grain <> 'slice'
            then concat(
                'Omkring ', told.n_with_told, ' af ', told.n_told, ' sager ',
                if(told.kind = 'skipped', 'mangler »', 'har uventet »'), names.activity_da, '«',
                case
                    when told.grain = 'activity' then ''
                    when told.after_activity_id is null then ' før den første handling'
                    else concat(' efter »', after_one.label_da, '«')
                end,
                if(
                    told.model_kind = 'reference', ' i forhold til referencemodellen.',
                    ' i forhold til den opdagede model.'
                )
            )
    end as sentence_da,
    case
        when told.outcome = 'no_model' and told.model_kind = 'reference'
            then 'This regime has no reference model.'
        when told.outcome = 'no_model' then 'There is no discovered model to compare with.'
        when told.outcome = 'no_case' then 'There are no cases to compare.'
        when told.outcome = 'too_complex' then 'The cases could not be compared with the model within the cap.'
        when told.grain <> 'slice'
            then concat(
                'About ', told.n_with_told, ' of ', told.n_told, ' cases ',
                if(told.kind = 'skipped', 'lack "', 'unexpectedly have "'), names.activity_en, '"',
                case
                    when told.grain = 'activity' then ''
                    when told.after_activity_id is null then ' before the first act'
                    else concat(' after "', after_one.label_en, '"')
                end,
                if(
                    told.model_kind = 'reference', ', compared with the reference model.',
                    ', compared with the discovered model.'
                )
            )
    end as sentence_en
from told
left join names on told.row_id = names.row_id
left join named on told.row_id = named.row_id
left join breaches on told.row_id = breaches.row_id
left join accepted
    on
        told.process_id = accepted.process_id
        and told.regime_id = accepted.regime_id
        and told.model_kind = accepted.model_kind
        and told.kind = accepted.deviation_kind
        and told.activity_ids = accepted.activity_ids
left join {{ ref('activities') }} as after_one on told.after_activity_id = after_one.activity_id
{%- endmacro %}
