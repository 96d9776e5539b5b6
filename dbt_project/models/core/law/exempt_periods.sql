-- The periods [starts_on, ends_on) of a citizen that bend rules, by the acts that begin and end them: an
-- absence is the citizen's, whichever case it was written on. The first begin goes with the first end, the
-- second with the second: of periods that overlap, the days are the same however they are paired. A period
-- without an end runs on; an end before the first begin tells of a period nobody saw begin.
with acts as (
    select distinct
        exemptions.exemption_id,
        coalesce(cases.citizen_id, cases.case_id) as bearer_id,
        event_log.event_id,
        event_log.occurred_on,
        event_log.activity_id = exemptions.begins_activity_id as is_begin
    from {{ ref('exemptions') }} as exemptions
    inner join {{ ref('event_log') }} as event_log
        on event_log.activity_id in (exemptions.begins_activity_id, exemptions.ends_activity_id)
    inner join {{ ref('cases') }} as cases
        on event_log.process_id = cases.process_id and event_log.case_id = cases.case_id
),

seen as (
    select
        *,
        min(case when is_begin then occurred_on end) over (partition by exemption_id, bearer_id)
            as first_begun_on
    from acts
),

numbered as (
    select
        exemption_id,
        bearer_id,
        occurred_on,
        is_begin,
        row_number() over (
            partition by exemption_id, bearer_id, is_begin order by occurred_on, event_id
        ) as number_of_kind
    from seen
    where is_begin or occurred_on >= first_begun_on
)

select
    begins.exemption_id,
    begins.bearer_id,
    begins.occurred_on as starts_on,
    -- the last day is inside; `greatest` alone would make a day of a period without an end
    case
        when ends.occurred_on is not null then greatest(ends.occurred_on, begins.occurred_on) + 1
    end as ends_on
from numbered as begins
left join numbered as ends
    on
        begins.exemption_id = ends.exemption_id
        and begins.bearer_id = ends.bearer_id
        and begins.number_of_kind = ends.number_of_kind
        and not ends.is_begin
where begins.is_begin
