-- One row per discovered model: what it was made from and how well it fits.
with discovered_models as (
    select * from {{ source('mining', 'discovered_models') }}
)

select
    {{ municipality_id() }} as municipality_id,
    cast(process_id as varchar) as process_id,
    cast(regime_id as varchar) as regime_id,
    cast(algorithm as varchar) as algorithm,
    cast(parameters as varchar) as parameters,
    cast(n_cases as bigint) as n_cases,
    cast(n_citizens as bigint) as n_citizens,
    cast(covered_cases as bigint) as covered_cases,
    cast(coverage as double) as coverage,
    cast(n_variants as bigint) as n_variants,
    cast(fitness as double) as fitness,
    cast(fitness_measure as varchar) as fitness_measure,
    cast(precision as double) as precision_score,
    cast(fitness_coverage as double) as fitness_coverage,
    cast(precision_coverage as double) as precision_coverage,
    cast(precision_measure as varchar) as precision_measure,
    cast(generalisation as double) as generalisation,
    cast(generalisation_coverage as double) as generalisation_coverage,
    cast(generalisation_measure as varchar) as generalisation_measure,
    cast(simplicity as double) as simplicity,
    cast(simplicity_measure as varchar) as simplicity_measure,
    cast(is_sound as boolean) as is_sound,
    cast(unmeasured_reason as varchar) as unmeasured_reason,
    cast(pm4py_version as varchar) as pm4py_version
from discovered_models
