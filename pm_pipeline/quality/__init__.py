"""Judging a municipality's data: expectation suites over facts that dbt has aggregated."""
