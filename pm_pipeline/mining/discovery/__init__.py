"""Discovery: models made from the variants of a slice, one algorithm a module."""
