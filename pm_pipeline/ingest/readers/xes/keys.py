"""Which wanted field an attribute of an event log belongs to, by its key."""

from collections.abc import Iterable

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.contract.names import normalised
from pm_pipeline.ingest.readers.headers import listed_headers, wanted_fields

#: The activity of the one row that a trace without any event gets, so that its case is not lost. The
#: staging model of the log knows the word too; an event of this name would be taken for such a row.
TRACE_ALONE = "xes:trace"
OF_TRACE = "case:"
_MOST_KEYS = 10_000


class AttributePlaces:
    """The place of each key among the wanted fields, and what was seen of the contract so far.

    ``seen``: places that some attribute had. ``activity``, ``case``: the places of the names of an
    event and of its trace, where the contract wants them.
    """

    def __init__(self, table: Table) -> None:
        self.fields = wanted_fields(table)
        self.seen: set[int] = set()
        self._places = {
            normalised(header): place
            for place, (_, _, headers) in enumerate(self.fields) for header in headers
        }
        self.activity = self._places.get("concept:name")
        self.case = self._places.get(OF_TRACE + "concept:name")
        self._listed = listed_headers(table)
        self._known: dict[str, int | None] = {}
        self._unlisted: set[str] = set()

    @property
    def keys(self) -> Iterable[str]:
        """Keys of the file, in the order in which they were met; at most 10,000 unknown ones."""
        return self._known.keys()

    @property
    def n_unlisted(self) -> int:
        """Keys of the file that the contract does not name."""
        return len(self._unlisted)

    def place(self, key: str) -> int | None:
        """Where a value of this key belongs; None when it is not wanted."""
        if key in self._known:
            return self._known[key]
        name = normalised(key)
        place = self._places.get(name)
        if len(self._known) < _MOST_KEYS or name in self._listed:
            self._known[key] = place
            if place is None and name not in self._listed:
                self._unlisted.add(key)
        if place is not None:
            self.seen.add(place)
        return place

    def missing(self) -> list[str]:
        """Headers of required columns that no attribute had."""
        return [
            headers[0] for place, (_, column, headers) in enumerate(self.fields)
            if column.is_required and place not in self.seen
        ]
