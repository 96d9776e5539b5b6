"""Dagster objects only: each file says which assets there are, the work is done elsewhere."""
