"""Building blocks of the typing SQL: literals, cleaning of text, the layers of one column."""

from dataclasses import dataclass

from pm_pipeline.ingest.contract.model import Table

_ZERO_WIDTH = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_BLANKS = "\u00a0\u202f\t\r\n"
# Printable ASCII and Latin-1 letters with no blank at either end: already as cleaning leaves it.
_CLEAN = r"[!-~À-ÿ]([ -~À-ÿ]*[!-~À-ÿ])?"


@dataclass(frozen=True)
class Expressions:
    """SQL of one column. Each layer may use the names of the layers before it.

    ``trimmed``, ``cleaned`` and ``parsed`` are helper columns; ``typed`` the lake's fields by name;
    ``reason`` is null or the Reason for which the value is rejected; ``expected`` says what was
    expected.
    """

    trimmed: dict[str, str]
    cleaned: dict[str, str]
    parsed: dict[str, str]
    typed: dict[str, str]
    reason: str
    expected: str


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def trimmed_text(raw: str) -> str:
    """A text in NFC without zero-width signs and without blanks around it."""
    return (
        f"CASE WHEN {raw} = '' OR regexp_full_match({raw}, {quoted(_CLEAN)}) THEN {raw} ELSE "
        f"trim(nfc_normalize(translate({raw}, {quoted(_BLANKS + _ZERO_WIDTH)}, "
        f"{quoted(' ' * len(_BLANKS))}))) END"
    )


def nulled(trimmed: str, table: Table, *more: str) -> str:
    """A trimmed text, null where it is one of the table's null words, or of ``more`` words."""
    words = ", ".join(quoted(word) for word in sorted({"", *table.null_words, *more}))
    return f"CASE WHEN {trimmed} IN ({words}) THEN NULL ELSE {trimmed} END"
