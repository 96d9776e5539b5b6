"""What goes no further than the reader: of free text only its presence, of a name only its kind."""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pm_pipeline.ingest.contract.model import Column, Table

# The stubs of pyarrow know too little of computed arrays to be of help here.
Text = Any
Minimiser = Callable[[Text], Text]


def minimiser(column: Column, table: Table) -> Minimiser | None:
    """How the raw text of a column is reduced before it leaves the reader; None = not at all."""
    if column.treatment == "presence_only":
        return lambda values: _presence(values, table.null_words)
    if column.type == "resource":
        return lambda values: _kinds(values, column, table.null_words)
    return None


def _presence(values: Text, null_words: Sequence[str]) -> Text:
    """'1' where there is text, null where there is none."""
    trimmed = pc.utf8_trim_whitespace(values)
    empty: Any = pc.is_in(trimmed, value_set=pa.array(["", *null_words], pa.string()))
    is_text: Any = pc.fill_null(pc.and_(pc.is_valid(values), pc.invert(empty)), False)
    return pc.if_else(is_text, pa.scalar("1"), pa.scalar(None, pa.string()))


def _kinds(values: Text, column: Column, null_words: Sequence[str]) -> Text:
    """human, robot, system or citizen for each name, decided once per distinct name."""
    encoded = values.dictionary_encode()
    kinds = [kind_of(name, column, null_words) for name in encoded.dictionary.to_pylist()]
    return pa.array(kinds, pa.string()).take(encoded.indices)


def kind_of(name: str, column: Column, null_words: Sequence[str]) -> str | None:
    """The kind of resource behind a name by the contract's patterns; human where none fits.

    A contract may name further kinds (``kinds: {clerk: ["Clerk*"]}``): a role, never a person.
    """
    name = name.strip()
    if not name or name in null_words:
        return None
    folded = name.casefold()
    patterns = {
        "robot": column.robots, "system": column.systems, "citizen": column.citizens, **column.kinds,
    }
    for kind, words in patterns.items():
        if any(fnmatchcase(folded, word.casefold()) for word in words):
            return kind
    return "human"
