"""Telephone numbers to plant, in each way that somebody writes them, and the search for them."""

import re

#: Written or announced as what they are.
PHONES = ("+45 28 61 53 47", "0045 28615347", "28 61 53 47", "tlf. 28615347", "+4528615347")
#: Eight digits that may be a unit's or a company's.
BARE_PHONES = ("41736529", "41-73-65-29")
_BY_DIGITS = {"28615347": "a telephone number", "41736529": "eight digits"}
# Of digits in a hash or in a longer number nothing is known.
_PHONE_LIKE = {
    kind: re.compile(
        rb"(?:(?<=45)|(?<![0-9])(?<![0-9a-f]{2}))" + rb"[ -]?".join(
            digit.encode() for digit in digits
        ) + rb"(?![0-9a-f])")
    for digits, kind in _BY_DIGITS.items()
}


def phones_in(content: bytes) -> set[str]:
    """Kinds of planted telephone numbers that ``content`` holds."""
    return {kind for kind, pattern in _PHONE_LIKE.items() if pattern.search(content)}
