-- What one legal change did to the law, as the rows of a page: the change, regimes, rules, clock stops,
-- exemptions and codes. Law only: nothing is counted. Of what is not law only its status is told.
with changes as (
    select
        *,
        status in ('in_force', 'ended') as is_law
    from {{ ref('legal_changes') }}
),

page_rows as (
    select
        change_id,
        1 as section_number,
        'change' as section,
        case when is_law then 'law' else 'not_law' end as what,
        change_id as item,
        title_da as after_da,
        title_en as after_en,
        case when is_law then effective_on end as from_on,
        case when is_law then ended_on end as to_on,
        reference_url as legal_basis_url,
        certainty = 'verified' as is_certain
    from changes

    union all by name

    select
        touches.change_id,
        2 as section_number,
        'regimes' as section,
        touches.what,
        touches.named as item,
        touches.process_id,
        regimes.valid_from as from_on,
        regimes.valid_to as to_on
    from {{ ref('int_law_process_touches') }} as touches
    inner join {{ ref('regimes') }} as regimes on touches.named = regimes.regime_id
    where touches.what in ('regime_begun', 'regime_ended')

    union all by name

    select
        change_id,
        3 as section_number,
        'rules' as section,
        case
            when version_before is null then 'rule_begun'
            when version_after is null then 'rule_ended'
            else 'rule_changed'
        end as what,
        * exclude (change_id, rule_id),
        rule_id as item
    from {{ ref('int_law_rule_changes') }}

    union all by name

    select
        touches.change_id,
        4 as section_number,
        'clock_stops' as section,
        touches.what,
        touches.named as item,
        touches.process_id,
        stops.starts_on as from_on,
        stops.ends_on as to_on
    from {{ ref('int_law_process_touches') }} as touches
    inner join {{ ref('clock_stops') }} as stops on touches.named = stops.stop_id
    where touches.what = 'clock_stop'

    union all by name

    select
        touches.change_id,
        5 as section_number,
        'exemptions' as section,
        touches.what,
        touches.named as item,
        touches.process_id,
        exemptions.title_da as after_da,
        exemptions.title_en as after_en,
        exemptions.legal_basis_url,
        exemptions.certainty = 'verified' as is_certain
    from {{ ref('int_law_process_touches') }} as touches
    inner join {{ ref('exemptions') }} as exemptions on touches.named = exemptions.exemption_id
    where touches.what = 'exemption'

    union all by name

    select
        touches.change_id,
        6 as section_number,
        'codes' as section,
        touches.what,
        touches.mapping_id as item,
        case when touches.what = 'mapping_ended' then activities.label_da end as before_da,
        case when touches.what = 'mapping_ended' then activities.label_en end as before_en,
        case when touches.what <> 'mapping_ended' then activities.label_da end as after_da,
        case when touches.what <> 'mapping_ended' then activities.label_en end as after_en,
        mappings.valid_from as from_on,
        mappings.valid_to as to_on
    from {{ ref('int_law_mapping_touches') }} as touches
    inner join {{ ref('activity_mappings') }} as mappings on touches.mapping_id = mappings.mapping_id
    left join {{ ref('activities') }} as activities on mappings.activity_id = activities.activity_id
)

select * from page_rows
