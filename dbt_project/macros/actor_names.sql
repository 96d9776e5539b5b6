{#- What kinds of actor and what acts are worth are called. -#}
{% macro actor_names() -%}
    select *
    from (
        values
        ('human', 'Medarbejder', 'Person at work'),
        ('robot', 'Robot', 'Robot'),
        ('system', 'System', 'System'),
        ('citizen', 'Borger', 'Citizen'),
        ('unknown', 'Ikke oplyst', 'Not told'),
        ('value_adding', 'Værdi for borgeren', 'Value to the citizen'),
        ('necessary', 'Nødvendigt, uden værdi for borgeren', 'Necessary, of no value to the citizen'),
        ('non_value_adding', 'Uden værdi', 'Of no value'),
        ('unclassified', 'Ikke vurderet', 'Not classified')
    ) as names (item, label_da, label_en)
{%- endmacro %}
