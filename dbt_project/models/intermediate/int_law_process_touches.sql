-- One row per legal change, process and what of the law it began or ended there: a regime, a wording of a
-- rule, a clock stop, an exemption.
with regimes as (
    select
        *,
        case
            when lag(valid_to) over process_in_time = valid_from then lag(regime_id) over process_in_time
        end as former_regime_id
    from {{ ref('regimes') }}
    window process_in_time as (partition by process_id order by valid_from)
),

-- Each regime that ended, by what ended it: the regime after it, or the end of the scheme.
ended as (
    select
        change_id,
        process_id,
        former_regime_id as regime_id,
        regime_id as next_regime_id
    from regimes
    where former_regime_id is not null

    union all

    select
        ended_by_change_id as change_id,
        process_id,
        regime_id,
        null as next_regime_id
    from regimes
    where ended_by_change_id is not null
),

touches as (
    select
        change_id,
        process_id,
        'regime_begun' as what,
        regime_id as named
    from regimes
    union all
    select
        change_id,
        process_id,
        'regime_ended' as what,
        regime_id as named
    from ended

    union all

    -- a wording that goes on in the next regime neither begins nor ends there
    select
        rules.change_id,
        regimes.process_id,
        'rule_begun' as what,
        rules.rule_id || '/' || rules.version as named
    from {{ ref('rules') }} as rules
    inner join regimes on rules.regime_id = regimes.regime_id
    anti join {{ ref('rules') }} as former
        on
            regimes.former_regime_id = former.regime_id
            and rules.rule_id = former.rule_id
            and rules.version = former.version

    union all

    select
        ended.change_id,
        ended.process_id,
        'rule_ended' as what,
        rules.rule_id || '/' || rules.version as named
    from {{ ref('rules') }} as rules
    inner join ended on rules.regime_id = ended.regime_id
    anti join {{ ref('rules') }} as later
        on
            ended.next_regime_id = later.regime_id
            and rules.rule_id = later.rule_id
            and rules.version = later.version

    union all

    -- a stop touches the processes that have rules of a kind it stops while it lasts
    select
        stops.change_id,
        regimes.process_id,
        'clock_stop' as what,
        stops.stop_id as named
    from {{ ref('clock_stops') }} as stops
    inner join regimes
        on
            coalesce(stops.ends_on, date '9999-12-31') > regimes.valid_from
            and stops.starts_on < coalesce(regimes.valid_to, date '9999-12-31')
    semi join {{ ref('rules') }} as rules
        on
            regimes.regime_id = rules.regime_id
            and (
                list_contains(string_split(stops.rule_kinds, '|'), rules.kind)
                or list_contains(string_split(stops.rule_id, '|'), rules.rule_id)
            )

    union all

    select
        exemptions.change_id,
        regimes.process_id,
        'exemption' as what,
        exemptions.exemption_id as named
    from {{ ref('exemptions') }} as exemptions
    inner join {{ ref('rules') }} as rules
        on list_contains(string_split(exemptions.rule_id, '|'), rules.rule_id)
    inner join regimes on rules.regime_id = regimes.regime_id
)

select distinct
    change_id,
    process_id,
    what,
    named
from touches
