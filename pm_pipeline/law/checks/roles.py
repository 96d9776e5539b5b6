"""Who answers for something is a role: what looks like a person is refused and not repeated."""

import re

from pm_pipeline.law.checks.told import tell
from pm_pipeline.registry import Finding, SeedRow

# An address, a number of a person, or nothing but capitalised words: what people are told apart by.
_PERSON = re.compile(r".*@.*|.*\d{6}.*|([A-ZÆØÅ][\w.'-]*)( [A-ZÆØÅ][\w.'-]*)+", re.DOTALL)

# Eight digits as Danes write a telephone number.
_TELEPHONE = re.compile(r"(?<!\d)\d\d ?\d\d ?\d\d ?\d\d(?!\d)")


def role_findings(row: SeedRow, column: str, role: str) -> list[Finding]:
    """A finding when ``role`` looks like a person; its content stays out of the message."""
    if not _PERSON.fullmatch(role):
        return []
    return [tell(
        row, column, "a role, such as 'Leder af ydelseskontoret'", "what looks like a person",
        "name the role that answers for it, never a person",
    )]


def prose_findings(row: SeedRow, column: str, text: str) -> list[Finding]:
    """A finding when ``text`` holds an address or a number of a person, or is nothing but a name.

    A name amid other words is not found: names of people and of places look alike.
    """
    if not (_PERSON.fullmatch(text) or _TELEPHONE.search(text)):
        return []
    return [tell(
        row, column, "words about the work", "what looks like a person or a number of one",
        "say what happens in the work, never to or by whom",
    )]
