"""Mappings of codes: known ids, and one meaning of a code on each day."""

from collections import defaultdict
from datetime import date
from itertools import pairwise

from pm_pipeline.law.checks.told import law_finding, tell, unknown_ids
from pm_pipeline.registry import ActivityMapping, Finding, Registry

_END_OF_TIME = date.max


def mapping_findings(registry: Registry, mapping: ActivityMapping) -> list[Finding]:
    found = unknown_ids(
        mapping, "system_id", (mapping.system_id,), {one.system_id for one in registry.systems}
    )
    found += unknown_ids(
        mapping, "activity_id", (mapping.activity_id,),
        {one.activity_id for one in registry.activities},
    )
    if mapping.municipality_id is not None:
        found += unknown_ids(
            mapping, "municipality_id", (mapping.municipality_id,),
            {one.municipality_id for one in registry.municipalities},
        )
    if mapping.change_id is not None:
        found += law_finding(registry, mapping, "change_id", mapping.change_id)
    if mapping.valid_from and mapping.valid_to and mapping.valid_to <= mapping.valid_from:
        found.append(
            tell(mapping, "valid_to", f"a day after valid_from {mapping.valid_from}",
                 f"{mapping.valid_to}", "correct one of the two days")
        )
    return found


def mapping_overlaps(mappings: tuple[ActivityMapping, ...]) -> list[Finding]:
    """One code must mean one activity on each day."""
    by_code: dict[tuple[str | None, ...], list[ActivityMapping]] = defaultdict(list)
    for one in mappings:
        code = (one.system_id, one.municipality_id, one.source_table, one.source_code)
        by_code[code].append(one)
    found = []
    for same in by_code.values():
        same.sort(key=lambda one: one.valid_from or date.min)
        for earlier, later in pairwise(same):
            if (earlier.valid_to or _END_OF_TIME) > (later.valid_from or date.min):
                found.append(
                    tell(later, "valid_from", "one meaning of a code on each day",
                         f"'{later.source_code}' of {later.source_table}, which "
                         f"'{earlier.mapping_id}' (row {earlier.row}) maps on the same days",
                         "end one row on the day the other begins")
                )
    return found
