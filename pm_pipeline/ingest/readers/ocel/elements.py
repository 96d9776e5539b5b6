"""OCEL 2.0 in the two forms that nest (JSON, XML): declared types, and events and objects with all
they hold. Each form walks its file; the index and the rows of a part are taken from what it meets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pm_pipeline.ingest.readers.ocel.index import Index, Kind, Raw
from pm_pipeline.ingest.readers.ocel.rows import Row
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError

OLD_OCEL = (
    "expected OCEL 2.0, found an object-centric log of version 1.0, which has no qualifiers and no "
    "declared types. Export it as OCEL 2.0."
)


def not_ocel(where: str, found: str) -> RefusedError:
    """The refusal of a file that is something else."""
    return RefusedError(
        Refusal.NOT_OCEL, where, f"expected an object-centric event log (OCEL 2.0), found {found}."
    )


@dataclass(slots=True)
class TypeDeclaration:
    """An event type or object type with the declared types of its attributes."""

    kind: Kind
    name: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Element:
    """An event or object. ``attributes``: name, time, value; ``relations``: object id, qualifier."""

    kind: Kind
    number: int
    id: Raw
    type: Raw
    time: Raw = None
    attributes: list[tuple[Raw, Raw, Raw]] = field(default_factory=list)
    relations: list[tuple[Raw, Raw]] = field(default_factory=list)
    broken: Reason | None = None

    @property
    def fault(self) -> Reason | None:
        """The reason for which the element itself cannot be used, if there is one.

        Two values under one name of an event: which is right cannot be known, so none is chosen.
        """
        if self.broken or self.kind == "object" or len(self.attributes) < 2:
            return self.broken
        different = {(name, value) for name, _, value in self.attributes}
        twice = len(different) > len({name for name, _ in different})
        return Reason.DUPLICATE_KEY if twice else None


def index_of(walked: Iterator[TypeDeclaration | Element]) -> Index:
    """The index of a log from all that its file holds."""
    index = Index()
    for one in walked:
        population = index.of(one.kind)
        if isinstance(one, TypeDeclaration):
            population.declare(one.name, one.attributes)
        else:
            population.add(one.id, None if one.fault else one.type)
            population.attributes.update(name for name, _, _ in one.attributes if name)
    return index.close()


def rows_of(walked: Iterator[TypeDeclaration | Element], part: str) -> Iterator[Row]:
    """The rows of one part, in file order."""
    kind: Kind = "event" if part.startswith("event") else "object"
    for one in walked:
        if isinstance(one, TypeDeclaration) or one.kind != kind:
            continue
        if part == "events":
            named = {name: value for name, _, value in one.attributes if name is not None}
            yield Row(one.number, (one.id, one.type, one.time), named, one.fault)
        elif part == "objects":
            yield Row(one.number, (one.id, one.type, None), {}, one.fault)
        elif part in ("event_objects", "object_objects"):
            for target, qualifier in one.relations:
                yield Row(one.number, (one.id, target, qualifier))
        elif part == "event_attributes":
            for name, _, value in one.attributes:
                yield Row(one.number, (one.id, one.type, name, value))
        else:
            for name, time, value in one.attributes:
                yield Row(one.number, (one.id, one.type, name, time, value))
