"""Danish and English side by side: what is told to people is said in both."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The same in Danish and in English."""

    da: str
    en: str

    def __str__(self) -> str:
        return self.da

    @classmethod
    def same(cls, text: str) -> "Words":
        """An id, an address: nothing to translate."""
        return cls(text, text)


def listed(words: Iterable[Words], separator: str = ", ") -> Words:
    """All of them, in their order."""
    kept = tuple(words)
    return Words(separator.join(one.da for one in kept), separator.join(one.en for one in kept))
