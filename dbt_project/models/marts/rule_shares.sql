-- One row per process, regime, target group, version of a rule about a share, and cohort month.
-- A share of a population is met by it or not; nobody in it breaches anything.
with figures as (
    select * from {{ ref('population_shares') }}
)

{{ share_figures(by_month=true) }}
