-- What stands of the verdicts of this municipality: the latest of each subject, and the codes of its
-- activities in this build. No codes: an activity of it is neither seeded nor in the data.
with standing as (
    select
        process_id,
        kind,
        activity_ids,
        verdict,
        judged_on,
        judged_by_role,
        reason_da,
        reason_en
    from {{ ref('expert_verdicts') }}
    where municipality_id = {{ municipality_id() }}
    qualify row_number() over (partition by process_id, kind, activity_ids order by judged_on desc) = 1
),

named as (
    select
        process_id,
        kind,
        activity_ids,
        unnest(string_split(activity_ids, '|')) as activity_id,
        generate_subscripts(string_split(activity_ids, '|'), 1) as place
    from standing
),

coded as (
    select
        named.process_id,
        named.kind,
        named.activity_ids,
        list(activities.activity_code order by named.place) as activity_codes
    from named
    left join {{ ref('activity_codes') }} as activities on named.activity_id = activities.activity_id
    group by named.process_id, named.kind, named.activity_ids
    having count(activities.activity_code) = count(*)
)

select
    cast(
        row_number() over (order by standing.process_id, standing.kind, standing.activity_ids) as integer
    ) as verdict_number,
    standing.process_id,
    standing.kind,
    standing.activity_ids,
    coded.activity_codes,
    standing.verdict,
    standing.judged_on,
    standing.judged_by_role,
    standing.reason_da,
    standing.reason_en
from standing
left join coded
    on
        standing.process_id = coded.process_id
        and standing.kind = coded.kind
        and standing.activity_ids = coded.activity_ids
