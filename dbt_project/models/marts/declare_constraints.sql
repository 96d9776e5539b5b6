-- What always or nearly always holds of the closed cases of a process under a law: a row per constraint with
-- its sentence, or one that says why there is none. Counts are told in steps (told_count): what violates a
-- constraint lies within what it speaks of, and that within the slice.
with phrases as (
    select phrases.* from (
        values
        ('existence', '«{a}» forekommer', '"{a}" occurs'),
        ('absence', '«{a}» forekommer ikke', '"{a}" does not occur'),
        ('exactly_one', '«{a}» forekommer netop én gang', '"{a}" occurs exactly once'),
        ('init', 'sagen begynder med «{a}»', 'the case begins with "{a}"'),
        (
            'responded_existence', 'hvor «{a}» forekommer, forekommer «{b}» også',
            'where "{a}" occurs, "{b}" occurs too'
        ),
        (
            'response', 'efter «{a}» følger «{b}» før eller siden',
            '"{a}" is followed by "{b}" sooner or later'
        ),
        (
            'alternate_response', 'efter hver «{a}» følger «{b}», før «{a}» forekommer igen',
            'each "{a}" is followed by "{b}" before "{a}" occurs again'
        ),
        ('chain_response', '«{a}» følges straks af «{b}»', '"{a}" is followed at once by "{b}"'),
        ('precedence', 'før «{b}» er «{a}» forekommet', '"{b}" occurs only after "{a}"'),
        (
            'alternate_precedence', 'før hver «{b}» er der en ny «{a}»',
            'before each "{b}" there is an "{a}" of its own'
        ),
        ('chain_precedence', 'lige før «{b}» står «{a}»', 'just before "{b}" stands "{a}"'),
        (
            'succession', '«{a}» følges af «{b}», og «{b}» forekommer kun efter «{a}»',
            '"{a}" is followed by "{b}", and "{b}" occurs only after "{a}"'
        ),
        (
            'alternate_succession', '«{a}» og «{b}» forekommer på skift, «{a}» først',
            '"{a}" and "{b}" occur in turn, "{a}" first'
        ),
        (
            'chain_succession', '«{a}» og «{b}» forekommer kun lige efter hinanden',
            '"{a}" and "{b}" occur only one just after the other'
        ),
        (
            'co_existence', '«{a}» og «{b}» forekommer begge, hvis en af dem gør',
            '"{a}" and "{b}" both occur if either does'
        ),
        (
            'not_co_existence', '«{a}» og «{b}» forekommer ikke i samme sag',
            '"{a}" and "{b}" do not occur in the same case'
        ),
        ('not_succession', 'efter «{a}» forekommer «{b}» ikke mere', 'after "{a}" no "{b}" occurs')
    ) as phrases (template, phrase_da, phrase_en)
),

found as (
    select *
    from {{ source('mining', 'declare_constraints') }}
    where
        outcome <> 'constraint'
        or (
            n_satisfied_citizens >= {{ min_group_size() }}
            and (n_violated_citizens = 0 or n_violated_citizens >= {{ min_group_size() }})
        )
),

told as (
    select
        found.*,
        {{ told_count('found.n_cases') }} as n_told,
        {{ told_count('found.n_activated') }} as n_activated_told,
        {{ told_count('found.n_satisfied') }} as n_satisfied_told,
        {{ told_count('found.n_violated') }} as n_violated_told,
        first_one.label_da as first_label_da,
        first_one.label_en as first_label_en,
        second_one.label_da as second_label_da,
        second_one.label_en as second_label_en,
        replace(
            replace(phrases.phrase_da, '{a}', first_one.label_da), '{b}', coalesce(second_one.label_da, '')
        ) as said_da,
        replace(
            replace(phrases.phrase_en, '{a}', first_one.label_en), '{b}', coalesce(second_one.label_en, '')
        ) as said_en
    from found
    left join phrases on found.template = phrases.template
    left join {{ ref('activities') }} as first_one on found.first_activity_id = first_one.activity_id
    left join {{ ref('activities') }} as second_one on found.second_activity_id = second_one.activity_id
)

select
    {{ municipality_id() }} as municipality_id,
    process_id,
    regime_id,
    outcome,
    n_told as n_cases,
    cast({{ told_citizens('n_citizens') }} as bigint) as n_citizens,
    template,
    first_activity_id,
    first_label_da,
    first_label_en,
    second_activity_id,
    second_label_da,
    second_label_en,
    n_activated_told as n_activated,
    n_satisfied_told as n_satisfied,
    cast({{ told_citizens('n_satisfied_citizens') }} as bigint) as n_satisfied_citizens,
    n_violated_told as n_violated,
    cast({{ told_citizens('n_violated_citizens') }} as bigint) as n_violated_citizens,
    {{ told_value('n_activated', 'n_activated_told', 'n_told') }} as support,
    {{ told_value('n_satisfied', 'n_satisfied_told', 'n_activated_told') }} as confidence,
    case outcome
        when 'no_case' then 'Der er ingen afsluttede sager at bedømme.'
        when 'no_constraint' then 'Intet gælder for næsten alle de afsluttede sager.'
        else concat('I omkring ', n_satisfied_told, ' af ', n_activated_told, ' sager gælder: ', said_da, '.')
    end as sentence_da,
    case outcome
        when 'no_case' then 'There are no closed cases to judge.'
        when 'no_constraint' then 'Nothing holds of nearly all the closed cases.'
        else concat('In about ', n_satisfied_told, ' of ', n_activated_told, ' cases: ', said_en, '.')
    end as sentence_en
from told
