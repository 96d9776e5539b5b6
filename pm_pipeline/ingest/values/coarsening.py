"""The SQL that leaves of a value only what its use needs: a period, a band, the first characters."""

from pm_pipeline.ingest.contract.model import Column
from pm_pipeline.ingest.values.sql_text import quoted


def coarsened(column: Column, typed: str) -> str:
    """The typed value of a column as the contract lets it into the lake; unchanged for most."""
    how = column.coarsen_to
    if how is None:
        return typed
    if how.period is not None:
        return f"CAST(date_trunc({quoted(how.period)}, {typed}) AS DATE)"
    if how.characters is not None:
        return f"left({typed}, {how.characters})"
    below = f"WHEN {typed} < {how.bands[0]} THEN {quoted(f'under {how.bands[0]}')}"
    between = [
        f"WHEN {typed} < {upper} THEN {quoted(f'{lower}-{upper - 1}')}"
        for lower, upper in zip(how.bands, how.bands[1:], strict=False)
    ]
    above = f"WHEN {typed} >= {how.bands[-1]} THEN {quoted(f'{how.bands[-1]}+')}"
    return f"CASE {' '.join([below, *between, above])} END"
