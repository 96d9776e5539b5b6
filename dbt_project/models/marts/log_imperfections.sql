-- What is imperfect in the log: one row per process, regime and pattern that the detectors found there, with
-- what it makes a reader of the map believe and what the sender should do. Acts without a case are in no
-- process: their share stands among the rules (RW-005). Counts are told in steps (told_count), their share
-- with them: the total of a pattern would else tell what registration_lag blanks of its parts.
with cases as (
    select * from {{ ref('cases') }}
),

slices as (
    select
        process_id,
        regime_id,
        cast(sum(n_events) as bigint) as n_events,
        count(*) as n_cases,
        count(distinct citizen_id) as n_citizens
    from cases
    group by process_id, regime_id
),

findings as (
    select
        pattern_id,
        process_id,
        case_id
    from {{ ref('findings_of_events') }}
    union all
    select
        pattern_id,
        process_id,
        case_id
    from {{ ref('findings_of_cases') }}
),

counted as (
    select
        cases.process_id,
        cases.regime_id,
        findings.pattern_id,
        count(*) as n_found,
        count(distinct cases.citizen_id) as n_found_citizens
    from findings
    inner join cases
        on findings.process_id = cases.process_id and findings.case_id = cases.case_id
    group by cases.process_id, cases.regime_id, findings.pattern_id
)

select
    {{ municipality_id() }} as municipality_id,
    counted.process_id,
    counted.regime_id,
    counted.pattern_id,
    patterns.family,
    patterns.grain,
    patterns.label_da,
    patterns.label_en,
    {{ told_count("case patterns.grain when 'case' then slices.n_cases else slices.n_events end") }}
        as n_checked,
    slices.n_cases,
    slices.n_citizens,
    {{ told_or_few('counted.n_found') }} as n_found,
    cast({{ told_citizens('counted.n_found_citizens') }} as bigint) as n_found_citizens,
    {{ told_value('counted.n_found', told_or_few('counted.n_found'), 'n_checked') }} as share_found,
    patterns.false_picture_da,
    patterns.false_picture_en,
    patterns.mend_da,
    patterns.mend_en,
    patterns.field
from counted
inner join slices
    on
        counted.process_id = slices.process_id
        and counted.regime_id is not distinct from slices.regime_id
inner join {{ ref('quality_patterns') }} as patterns on counted.pattern_id = patterns.pattern_id
