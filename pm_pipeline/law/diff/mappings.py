"""Codes that begin, end or mean something else between two days, and notions of a case that turn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pm_pipeline.bilingual import Words
from pm_pipeline.law.diff.in_force import LawOnDay
from pm_pipeline.registry import ActivityMapping

_Code = tuple[str, str, str]


class CodeTurn(StrEnum):
    BEGINS = "begins"
    ENDS = "ends"
    CHANGES = "changes"
    #: Another row says the same of the code: its meaning stays.
    SAME_MEANING = "same_meaning"


@dataclass(frozen=True)
class MappingDiff:
    """One code of a system, for all municipalities or for one that has a row of its own.

    A municipality's own row goes before the common one, so what its code meant before, or means
    after, may come from the common row. ``own_elsewhere``: municipalities that a change of the
    common row does not reach, for they have rows of their own.
    """

    system_id: str
    municipality_id: str | None
    source_table: str
    source_code: str
    turn: CodeTurn
    before: ActivityMapping | None
    after: ActivityMapping | None
    own_elsewhere: tuple[str, ...] = ()

    @property
    def activity_ids(self) -> tuple[str, ...]:
        rows = (self.before, self.after)
        return tuple(dict.fromkeys(one.activity_id for one in rows if one is not None))

    @property
    def changes_meaning(self) -> bool:
        return self.turn is not CodeTurn.SAME_MEANING


@dataclass(frozen=True)
class NotionDiff:
    """A notion of a case that merges no more courses across a break from ``from_on``."""

    case_notion_id: str
    label: Words
    from_on: date
    process_ids: tuple[str, ...]


def mapping_diffs(before: LawOnDay, after: LawOnDay) -> tuple[MappingDiff, ...]:
    """Ordered by system, table, code; the common row before those of single municipalities."""
    old, new = _by_place(before.mappings), _by_place(after.mappings)
    own: dict[_Code, set[str]] = {}
    for code, municipality_id in (*old, *new):
        if municipality_id is not None:
            own.setdefault(code, set()).add(municipality_id)
    places = sorted({*old, *new}, key=lambda place: (place[0], place[1] or ""))
    found = []
    for code, municipality_id in places:
        was, now = old.get((code, municipality_id)), new.get((code, municipality_id))
        if _id(was) == _id(now) and _meaning(was) == _meaning(now):
            continue
        if municipality_id is not None:
            was, now = was or old.get((code, None)), now or new.get((code, None))
        elsewhere = () if municipality_id else tuple(sorted(own.get(code, ())))
        found.append(MappingDiff(*_named(code, municipality_id), _turn(was, now), was, now, elsewhere))
    return tuple(found)


def notion_diffs(before: LawOnDay, after: LawOnDay) -> tuple[NotionDiff, ...]:
    """The notions of a case, of some process, whose merging of courses ends between the two days."""
    processes = after.registry.processes
    found = (
        NotionDiff(
            one.case_notion_id, Words(one.label_da, one.label_en), one.merge_before,
            tuple(two.process_id for two in processes if two.case_notion == one.case_notion_id),
        )
        for one in after.registry.case_notions
        if one.merge_before is not None and before.day < one.merge_before <= after.day
    )
    return tuple(one for one in found if one.process_ids)


def _by_place(rows: Iterable[ActivityMapping]) -> dict[tuple[_Code, str | None], ActivityMapping]:
    return {
        ((one.system_id, one.source_table, one.source_code), one.municipality_id): one for one in rows
    }


def _named(code: _Code, municipality_id: str | None) -> tuple[str, str | None, str, str]:
    system_id, source_table, source_code = code
    return system_id, municipality_id, source_table, source_code


def _turn(was: ActivityMapping | None, now: ActivityMapping | None) -> CodeTurn:
    if was is None:
        return CodeTurn.BEGINS
    if now is None:
        return CodeTurn.ENDS
    return CodeTurn.SAME_MEANING if _meaning(was) == _meaning(now) else CodeTurn.CHANGES


def _id(row: ActivityMapping | None) -> str | None:
    return row.mapping_id if row else None


def _meaning(row: ActivityMapping | None) -> str | None:
    return row.activity_id if row else None
