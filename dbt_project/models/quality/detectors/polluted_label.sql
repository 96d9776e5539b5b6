-- Polluted label (Suriadi et al. 2017): a code that is another one and something of the single case beside
-- it: an id, a date, a name. Such codes share a text, are many, and hardly one of them comes twice. Numbers
-- and ids are told by their digits; a name is told by being different each time. A column with more codes
-- than can be compared is free text: it is told as a whole, without a code.
with labels as (
    select * from {{ ref('int_labels') }}
),

-- without what has digits; and without the last words, or the first
texts as (
    select
        labels.*,
        'digits' as kind,
        trim(regexp_replace(regexp_replace(masked_text, '#', '', 'g'), ' +', ' ', 'g')) as text
    from labels
    where regexp_matches(plain_text, '[0-9]')
    union all by name
    select
        labels.*,
        'words' as kind,
        array_to_string(words[1:places.place], ' ') as text
    from labels, range(1, least(len(words), 8)) as places (place)
    union all by name
    select
        labels.*,
        'words' as kind,
        '… ' || array_to_string(words[places.place + 1:], ' ') as text
    from labels, range(1, least(len(words), 8)) as places (place)
),

gathered as (
    select
        system_id,
        source_table,
        kind,
        text
    from texts
    where length(text) >= {{ limit('polluted_letters') }} and not is_mapped
    group by system_id, source_table, kind, text
    having
        count(*) >= case kind
            when 'digits' then {{ limit('polluted_labels_of_digits') }}
            else {{ limit('polluted_labels_of_words') }}
        end
        and (
            sum(n_rows) <= count(*) * {{ limit('polluted_rows_of_label') }}
            or (kind = 'digits' and max(n_rows) <= sum(n_rows) * {{ limit('polluted_share_of_label') }})
        )
),

-- the longest text that a code shares with enough others is what it would be without the rest
found as (
    select
        texts.label_code,
        arg_max(texts.text, length(texts.text)) as text
    from texts
    inner join gathered
        on
            texts.system_id = gathered.system_id
            and texts.source_table = gathered.source_table
            and texts.kind = gathered.kind
            and texts.text = gathered.text
    group by texts.label_code
),

-- the code that it would be: the same text, or the longest one with which the text begins
clean as (
    select
        bare.system_id,
        bare.source_table,
        bare.text,
        arg_max(labels.source_code, (length(labels.plain_text), labels.n_rows)) as source_code
    from (
        select distinct
            told.system_id,
            told.source_table,
            found.text
        from found
        inner join labels as told on found.label_code = told.label_code
    ) as bare
    inner join labels
        on
            bare.system_id = labels.system_id
            and bare.source_table = labels.source_table
            and starts_with(ltrim(bare.text, '… ') || ' ', labels.plain_text || ' ')
    where labels.is_compared and length(labels.plain_text) >= {{ limit('polluted_letters') }}
    group by bare.system_id, bare.source_table, bare.text
)

select
    'polluted_label' as pattern_id,
    labels.system_id,
    labels.source_table,
    labels.source_code,
    clean.source_code as resembles_code,
    labels.n_rows
from found
inner join labels on found.label_code = labels.label_code
left join clean
    on
        labels.system_id = clean.system_id
        and labels.source_table = clean.source_table
        and found.text = clean.text
union all by name
select
    'polluted_label' as pattern_id,
    system_id,
    source_table,
    null as source_code,
    null as resembles_code,
    sum(n_rows) as n_rows
from labels
where not is_compared
group by system_id, source_table
