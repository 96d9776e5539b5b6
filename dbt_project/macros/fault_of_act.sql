{#- Why an act is no event, whatever became of its row later; null for an event. What is named in
    `not_an_event` (a talk still to come, say) is the normal life of a case system. -#}
{% macro fault_of_act(act, mapping) -%}
    case
        when {{ act }}.not_an_event is not null then {{ act }}.not_an_event
        when {{ act }}.citizen_key is null and {{ act }}.is_object_centric is null then 'no_citizen'
        when {{ act }}.occurred_at is null then 'no_time'
        when {{ act }}.source_code is null then 'no_code'
        when {{ mapping }}.activity_id is null then 'unmapped_code'
    end
{%- endmacro %}
