{#- Whether a process takes a course as (part of) a case: by its target groups, and by what its case notion
    says a case is made of - courses, objects of the one type it names, or all there is of a citizen. -#}
{% macro takes_course() -%}
    (
        {{ list_has_or_empty('processes.target_groups', 'courses.target_group') }}
        and case notions.object_type
            when 'course' then courses.course_type = 'course'
            when 'object' then courses.course_type = processes.case_object_type
            else true
        end
    )
{%- endmacro %}
