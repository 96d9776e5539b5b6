-- What each filter says, in words: the phrase of each condition with what its values are called.
with phrases as (
    select phrases.* from (
        values
        ('regime', 'is', 'under loven {}', 'under the law {}'),
        ('target_group', 'is', 'i målgruppen {}', 'in target group {}'),
        ('unit', 'is', 'hos enheden {}', 'at unit {}'),
        ('registered_year', 'is', 'registreret i {}', 'registered in {}'),
        ('registered_on', 'from', 'registreret fra og med {}', 'registered on or after {}'),
        ('registered_on', 'before', 'registreret før {}', 'registered before {}'),
        ('is_closed', 'is', 'som er {}', 'that are {}'),
        ('activity', 'has', 'med {}', 'with {}'),
        ('activity', 'lacks', 'uden {}', 'without {}'),
        ('directly_follows', 'has', 'hvor {}', 'where {}'),
        ('directly_follows', 'lacks', 'hvor det aldrig sker, at {}', 'where it never happens that {}'),
        ('lead_time_days', 'at_least', 'med mindst {} dages varighed', 'lasting at least {} days'),
        ('lead_time_days', 'at_most', 'med højst {} dages varighed', 'lasting at most {} days'),
        (
            'variant_coverage', 'at_most',
            'som går processens hyppigste veje: så mange, som skal til for {} af sagerne',
            'that walk the most usual paths of the process: as many as it takes for {} of the cases'
        )
    ) as phrases (field, operator, phrase_da, phrase_en)
),

activities as (
    select
        activity_id,
        label_da,
        label_en
    from {{ ref('activity_codes') }}
),

names as (
    select
        'regime' as field,
        regimes.regime_id as value,
        format('«{}» (fra {})', changes.title_da, regimes.valid_from) as name_da,
        format('"{}" (from {})', changes.title_en, regimes.valid_from) as name_en
    from {{ ref('regimes') }} as regimes
    inner join {{ ref('legal_changes') }} as changes on regimes.change_id = changes.change_id
    union all
    select
        'target_group' as field,
        target_group as value,
        format('{} ({})', target_group, label_da) as name_da,
        format('{} ({})', target_group, label_en) as name_en
    from {{ ref('target_groups') }}
    union all
    select
        'activity' as field,
        activity_id as value,
        format('«{}»', label_da) as name_da,
        format('"{}"', label_en) as name_en
    from activities
    union all
    values
    ('is_closed', 'true', 'afsluttet', 'closed'),
    ('is_closed', 'false', 'i gang', 'in progress')
),

unfolded as (
    select
        filter_id,
        field,
        operator,
        value as cell,
        unnest(string_split(value, '|')) as value,
        generate_subscripts(string_split(value, '|'), 1) as place
    from {{ ref('filter_conditions') }}
    where field is not null
),

named as (
    select
        unfolded.*,
        case
            when origins.label_da is not null
                then format('«{}» følges direkte af «{}»', origins.label_da, targets.label_da)
            when unfolded.field = 'variant_coverage'
                then format('{:.10g} %', 100 * try_cast(unfolded.value as double))
            else coalesce(names.name_da, unfolded.value)
        end as name_da,
        case
            when origins.label_en is not null
                then format('"{}" is directly followed by "{}"', origins.label_en, targets.label_en)
            when unfolded.field = 'variant_coverage'
                then format('{:.10g}%', 100 * try_cast(unfolded.value as double))
            else coalesce(names.name_en, unfolded.value)
        end as name_en
    from unfolded
    left join names on unfolded.field = names.field and unfolded.value = names.value
    left join activities as origins
        on
            unfolded.field = 'directly_follows'
            and split_part(unfolded.value, '>', 1) = origins.activity_id
    left join activities as targets
        on
            unfolded.field = 'directly_follows'
            and split_part(unfolded.value, '>', 2) = targets.activity_id
)

select
    named.filter_id,
    named.field,
    named.operator,
    named.cell as value,
    replace(phrases.phrase_da, '{}', string_agg(named.name_da, ' eller ' order by named.place)) as said_da,
    replace(phrases.phrase_en, '{}', string_agg(named.name_en, ' or ' order by named.place)) as said_en
from named
inner join phrases on named.field = phrases.field and named.operator = phrases.operator
group by named.filter_id, named.field, named.operator, named.cell, phrases.phrase_da, phrases.phrase_en
