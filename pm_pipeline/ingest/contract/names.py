"""How names in a file and in a contract are compared."""

import unicodedata


def normalised(header: str) -> str:
    """A header as it is compared: NFC, without blanks or zero-width marks around it, casefold."""
    text = unicodedata.normalize("NFC", header).replace("\u00a0", " ")
    return text.strip("\u200b\u200c\u200d\u2060\ufeff \t\r\n").casefold()
