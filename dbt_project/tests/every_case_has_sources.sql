{{ config(meta={'dagster': {'ref': {'name': 'case_sources'}}}) }}
select
    cases.process_id,
    cases.case_id
from {{ ref('cases') }} as cases
anti join {{ ref('case_sources') }} as sources
    on cases.process_id = sources.process_id and cases.case_id = sources.case_id
