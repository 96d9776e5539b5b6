{#- The columns together name each row: none is null and no combination repeats. One query instead of a
    not-null and a unique test per column. -#}
{% test is_key(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as n_rows
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns %} or {{ column }} is null {% endfor %}
{% endtest %}
