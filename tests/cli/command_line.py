"""The command line as the tests call it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended; the text is as shown, on one line."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return f"{self.out} {self.err}"


#: Runs the command line in this process with these arguments, on the test's own data folder.
Call = Callable[..., Answer]
