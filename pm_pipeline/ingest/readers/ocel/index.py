"""What a whole OCEL 2.0 log declares and holds: types, and which events and objects are sound.

An event may name an object that stands behind it in the file, so a log is looked through once before
its rows are read. What is remembered is a number per id (12 bytes while counting, 8 after), no id.
"""

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from pm_pipeline.ingest.rejects.reasons import Reason

Kind = Literal["event", "object"]
Raw = str | None
#: What a value must look like to be of the type its attribute is declared with; other types: any text.
_FORMS = {
    "integer": (re.compile(r"[+-]?[0-9]+"), Reason.NUMBER_FORMAT),
    "float": (re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"), Reason.NUMBER_FORMAT),
    "boolean": (re.compile(r"(?i:true|false|0|1)"), Reason.BOOLEAN_FORMAT),
    "time": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.,]+(Z|[+-][0-9:]+)?)?"),
             Reason.DATE_FORMAT),
}
# Words that older exporters write for the five types of the standard.
_FORMS |= {"int": _FORMS["integer"], "double": _FORMS["float"], "date": _FORMS["time"]}
_NONE = np.empty(0, np.int64)


class Population:
    """The events, or the objects, of one log."""

    def __init__(self) -> None:
        self.declared: dict[str, dict[str, str]] = {}
        self.attributes: set[str] = set()
        self._hashes, self._types = array("q"), array("i")
        self._type_numbers: dict[Raw, int] = {}
        self._sound = self._repeated = _NONE

    def declare(self, name: str, attributes: dict[str, str]) -> None:
        """Remember a declared type and the types of its attributes."""
        self.declared.setdefault(name, {}).update(attributes)
        self.attributes.update(attributes)

    def add(self, id_: Raw, type_: Raw) -> None:
        """Remember one event or object; ``type_`` is None where it has a fault of its own."""
        if id_ is not None:
            self._hashes.append(hash(id_))
            self._types.append(self._type_numbers.setdefault(type_, len(self._type_numbers)))

    def close(self) -> None:
        """Everything was added: find out which ids stand twice and which are of no declared type."""
        hashes = np.frombuffer(self._hashes, np.int64) if self._hashes else _NONE
        types = np.frombuffer(self._types, np.int32) if self._types else np.empty(0, np.int32)
        is_declared = np.array([name in self.declared for name in self._type_numbers], bool)
        ids, counts = np.unique(hashes, return_counts=True)
        self._repeated = ids[counts > 1]
        undeclared = hashes[~is_declared[types]] if len(types) else _NONE
        bad = np.union1d(self._repeated, undeclared)
        self._sound = np.setdiff1d(ids, bad, assume_unique=True)
        self._hashes, self._types = array("q"), array("i")

    def is_sound(self, ids: Sequence[Raw]) -> list[bool]:
        """For each id whether exactly one event or object of a declared type has it (or it is null)."""
        return _holds(self._sound, ids, missing=True)

    def faults(self, ids: Sequence[Raw], types: Sequence[Raw]) -> list[Reason | None]:
        """For each event or object the reason for which it cannot be used."""
        return [
            Reason.DUPLICATE_ID if repeated
            else Reason.UNDECLARED_TYPE if type_ is not None and type_ not in self.declared
            else None
            for repeated, type_ in zip(
                _holds(self._repeated, ids, missing=False), types, strict=True
            )
        ]

    def attribute_fault(self, type_: Raw, attribute: Raw, value: Raw) -> Reason | None:
        """The reason for which a value cannot be one of this attribute of this type."""
        if type_ is None or attribute is None:
            return None
        kind = self.declared.get(type_, {}).get(attribute)
        if kind is None:
            return Reason.UNDECLARED_TYPE
        form, reason = _FORMS.get(kind.casefold(), (None, None))
        if form is None or not value or form.fullmatch(value.strip()):
            return None
        return reason


@dataclass
class Index:
    """The two populations of a log."""

    events: Population = field(default_factory=Population)
    objects: Population = field(default_factory=Population)

    def of(self, kind: Kind) -> Population:
        """The events or the objects."""
        return self.events if kind == "event" else self.objects

    def close(self) -> "Index":
        """The same index, once everything was added."""
        self.events.close()
        self.objects.close()
        return self


def _holds(hashes: Any, ids: Sequence[Raw], *, missing: bool) -> list[bool]:
    if not len(hashes):
        return [missing if id_ is None else False for id_ in ids]
    wanted = np.fromiter((hash(id_) for id_ in ids), np.int64, len(ids))
    places = np.minimum(np.searchsorted(hashes, wanted), len(hashes) - 1)
    found: list[bool] = (hashes[places] == wanted).tolist()
    return [missing if id_ is None else hit for id_, hit in zip(ids, found, strict=True)]
