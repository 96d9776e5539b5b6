-- Distorted label (Suriadi et al. 2017): a rare code that is a slip of a common one of its table: a letter
-- left out, put in, exchanged or mistaken, or another case or sign. Codes that differ in a number or in a
-- single letter are a series and no slips; nor are two that the mapping both knows.
with labels as (
    select
        *,
        length(plain_text) as n_letters
    from {{ ref('int_labels') }}
    where is_compared and length(plain_text) > 0
),

-- one slip leaves the beginning or the end of a code as it was
ends as (
    select
        *,
        unnest(['left', 'right']) as side,
        unnest([left(plain_text, 2), right(plain_text, 2)]) as letters
    from labels
    where n_letters >= {{ limit('distorted_letters') }}
),

pairs as (
    select distinct
        rare.label_code,
        common.label_code as common_code
    from ends as rare
    inner join ends as common
        on
            rare.system_id = common.system_id
            and rare.source_table = common.source_table
            and rare.side = common.side
            and rare.letters = common.letters
    where
        -- said twice: what has too few rows to be slipped from is left out before it is compared
        common.n_rows * {{ limit('distorted_share') }} >= 1
        and rare.n_rows <= common.n_rows * {{ limit('distorted_share') }}
        and abs(rare.n_letters - common.n_letters) <= 2
        and not (rare.is_mapped and common.is_mapped)
    union
    select
        rare.label_code,
        common.label_code as common_code
    from labels as rare
    inner join labels as common
        on
            rare.system_id = common.system_id
            and rare.source_table = common.source_table
            and rare.plain_text = common.plain_text
    where
        (rare.n_rows, -rare.label_code) < (common.n_rows, -common.label_code)
        and not (rare.is_mapped and common.is_mapped)
),

compared as (
    select
        rare.*,
        common.source_code as resembles_code,
        common.n_rows as n_rows_of_common,
        damerau_levenshtein(rare.plain_text, common.plain_text) as n_slips,
        case
            -- two slips are told from two words only in a long code that begins alike
            when
                least(rare.n_letters, common.n_letters) >= 3 * {{ limit('distorted_letters') }}
                and left(rare.plain_text, 3) = left(common.plain_text, 3)
                then 2
            else 1
        end as n_slips_allowed,
        common.plain_text as common_text,
        common.words as common_words,
        common.masked_text as common_masked
    from pairs
    inner join labels as rare on pairs.label_code = rare.label_code
    inner join labels as common on pairs.common_code = common.label_code
)

select
    'distorted_label' as pattern_id,
    system_id,
    source_table,
    source_code,
    arg_max(resembles_code, (-n_slips, n_rows_of_common)) as resembles_code,
    any_value(n_rows) as n_rows
from compared
where
    n_slips = 0
    or (
        n_slips <= n_slips_allowed
        and regexp_replace(plain_text, '[0-9]', '', 'g') <> regexp_replace(common_text, '[0-9]', '', 'g')
        and masked_text <> common_masked
        -- a word of one or two letters is a code of its own: Admission IC, Admission NC
        and len(list_filter(
            common_words, lambda word: length(word) > 2 and not list_contains(words, word)
        )) > 0
        -- a Danish word and its contrary: gyldig, ugyldig
        and regexp_replace(' ' || plain_text, ' u', ' ', 'g')
        <> regexp_replace(' ' || common_text, ' u', ' ', 'g')
    )
group by system_id, source_table, source_code
