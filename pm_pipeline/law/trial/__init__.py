"""A change of law tried on the data there are: who would be judged otherwise, and what would move.

Reads two warehouses of one municipality, one under the law without the change and one under the law
with it. Nothing here says anything about a single case.
"""
