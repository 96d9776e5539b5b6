-- Everything that carries one change_id as the rows of a page, in the order of `position`: what it did to the
-- law, how often the codes it touches were used before and after, and how the rules it touches went under the
-- old and the new wording. The figures of rules are those of rule_outcomes_total and rule_shares_total and no
-- others, so that nobody is had by subtracting one from the other.
with totals as (
    select
        *,
        'outcomes' as what
    from {{ ref('rule_outcomes_total') }}
    union all by name
    select
        *,
        n_reached as n_fulfilled,
        n_reached_citizens as n_fulfilled_citizens,
        share_reached as share_fulfilled,
        'share' as what
    from {{ ref('rule_shares_total') }}
),

wordings as (
    select
        * exclude (version_after, after_da, after_en, legal_basis_url, is_certain),
        'before' as compared,
        version_before as version
    from {{ ref('int_law_rule_changes') }}
    union all by name
    select
        * exclude (version_before, before_da, before_en, legal_basis_url, is_certain),
        'after' as compared,
        version_after as version
    from {{ ref('int_law_rule_changes') }}
),

page_rows as (
    select * from {{ ref('int_law_change_pages') }}

    union all by name

    select
        change_id,
        7 as section_number,
        'code_use' as section,
        what,
        mapping_id as item,
        compared,
        from_on,
        to_on,
        n_events as n_cases,
        n_citizens
    from {{ ref('change_codes') }}

    union all by name

    select
        8 as section_number,
        'outcomes' as section,
        totals.what,
        wordings.rule_id as item,
        wordings.* exclude (rule_id, version),
        totals.regime_id,
        totals.target_group,
        totals.n_cases,
        totals.n_citizens,
        totals.n_fulfilled,
        totals.n_fulfilled_citizens,
        totals.share_fulfilled,
        totals.share_required,
        totals.quota_met,
        totals.legal_basis_url,
        totals.is_certain
    from wordings
    inner join totals
        on
            wordings.process_id = totals.process_id
            and wordings.rule_id = totals.rule_id
            and wordings.version = totals.rule_version
)

select
    {{ municipality_id() }} as municipality_id,
    page_rows.change_id,
    changes.title_da as change_title_da,
    changes.title_en as change_title_en,
    changes.status,
    changes.status in ('in_force', 'ended') as is_law,
    cast(row_number() over (
        partition by page_rows.change_id
        order by
            page_rows.section_number, page_rows.process_id, page_rows.item, page_rows.target_group,
            page_rows.compared = 'after', page_rows.regime_id, page_rows.what, page_rows.version_before,
            page_rows.version_after
    ) as integer) as position,
    page_rows.section,
    page_rows.what,
    page_rows.item,
    page_rows.process_id,
    page_rows.regime_id,
    page_rows.target_group,
    page_rows.compared,
    page_rows.version_before,
    page_rows.version_after,
    page_rows.before_da,
    page_rows.after_da,
    page_rows.before_en,
    page_rows.after_en,
    page_rows.from_on,
    page_rows.to_on,
    page_rows.n_cases,
    page_rows.n_citizens,
    page_rows.n_fulfilled,
    page_rows.n_fulfilled_citizens,
    page_rows.share_fulfilled,
    page_rows.share_required,
    page_rows.quota_met,
    page_rows.legal_basis_url,
    page_rows.is_certain
from page_rows
inner join {{ ref('legal_changes') }} as changes on page_rows.change_id = changes.change_id
where changes.status in ('in_force', 'ended') or page_rows.section = 'change'
