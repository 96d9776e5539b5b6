"""The texts that the cells of a workbook share, held as one block of bytes."""

import re
from array import array

from pm_pipeline.ingest.readers.xlsx.package import Workbook, element_parser
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

MAX_TEXT = 32_767  # characters that Excel permits in a cell
_MAX_BYTES = 512 * 1024 * 1024
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


class CellText:
    """Puts the pieces of one text together; ``is_too_long`` beyond what a cell may hold."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0

    def add(self, piece: str) -> None:
        """One more piece; what is too long is not kept."""
        self._length += len(piece)
        if self._length <= MAX_TEXT:
            self._pieces.append(piece)

    @property
    def is_too_long(self) -> bool:
        """Whether the text is longer than a cell's may be."""
        return self._length > MAX_TEXT

    def take(self) -> str:
        """The text; then none is held."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._length = 0
        return unescaped(text)


def unescaped(text: str) -> str:
    """A text with the signs that XML cannot hold put back: _x000D_ is a carriage return."""
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    # Half of a pair is no character, and a NUL would end the text elsewhere.
    return match[0] if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


class SharedStrings:
    """Text by its number. Memory: the bytes of the distinct texts and eight for each."""

    def __init__(self, workbook: Workbook, name: str) -> None:
        self._bytes = bytearray()
        self._ends = array("q", [0])
        self._too_long: set[int] = set()
        part = workbook.strings_part
        if part is None:
            return
        text, is_text, phonetic = CellText(), False, 0

        def start(tag: str, _: dict[str, str]) -> None:
            nonlocal is_text, phonetic
            if tag == "rPh":
                phonetic += 1
            elif tag == "t":
                is_text = not phonetic

        def end(tag: str) -> None:
            nonlocal is_text, phonetic
            if tag == "rPh":
                phonetic -= 1
            elif tag == "t":
                is_text = False
            elif tag == "si":
                if text.is_too_long:
                    self._too_long.add(len(self._ends) - 1)
                self._bytes += text.take().encode()
                self._ends.append(len(self._bytes))

        def characters(piece: str) -> None:
            if is_text:
                text.add(piece)

        parser = element_parser(start, end)
        parser.CharacterDataHandler = characters
        for _ in workbook.parse(part, parser):
            if len(self._bytes) > _MAX_BYTES:
                raise RefusedError(
                    Refusal.TOO_LARGE, name,
                    f"the texts of the workbook are more than {_MAX_BYTES} bytes. Deliver the table "
                    "as CSV.",
                )

    def text(self, number: int) -> str | None:
        """The text of that number; None when it is too long. Raises IndexError when there is none."""
        if number < 0 or number >= len(self._ends) - 1:
            raise IndexError
        if number in self._too_long:
            return None
        return self._bytes[self._ends[number]:self._ends[number + 1]].decode()
