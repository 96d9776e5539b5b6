{#- Every key of this model is found in the other one. -#}
{% test covers(model, column_name, to, field) %}
select child.{{ column_name }}
from {{ model }} as child
anti join {{ to }} as parent on child.{{ column_name }} = parent.{{ field }}
where child.{{ column_name }} is not null
{% endtest %}
