"""Open a delivered file: unpack gzip by its content, and refuse what is no text of the right kind.

Works on bytes in constant memory. Nothing of a file's content ever enters a message.
"""

import gzip
import io
import zlib
from pathlib import Path

from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

# A small archive that unpacks to this many times its size is a bomb, not an export (event logs
# reach about 40).
MAX_UNPACK_RATIO = 250
_RATIO_COUNTS_FROM = 64 * 1024 * 1024
_CHUNK = 1024 * 1024
_GZIP = b"\x1f\x8b"
_SNIFF = 4096
_MAGIC = {
    b"PK\x03\x04": "a zip archive or an Excel workbook (xlsx)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (xls), or one with a password",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"SQLite": "an SQLite database",
}
_ADVICE = {
    b"\xd0\xcf\x11\xe0": "Save it in the agreed format, without a password.",
    b"\x1f\x8b": "Unpack it and deliver the file itself.",
}


class DeliveredBytes(io.RawIOBase):
    """The unpacked bytes of one delivered file, in order; ``where`` is the name for messages."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__()
        self.where = name
        try:
            self._size = path.stat().st_size
            self._file = path.open("rb")
        except OSError as error:
            raise RefusedError(
                Refusal.UNREADABLE, name, f"the file cannot be opened ({error.strerror})."
            ) from None
        self._packed = self._file.read(2) == b"\x1f\x8b"
        self._file.seek(0)
        self._source = gzip.GzipFile(fileobj=self._file) if self._packed else self._file
        self._given = 0
        try:
            self._head = self._pull(_SNIFF)
        except RefusedError:
            self._file.close()
            raise

    def head(self) -> bytes:
        """The first bytes (at most 4096), still to be read."""
        return self._head

    @property
    def is_packed(self) -> bool:
        """Whether the file is a gzip archive."""
        return self._packed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._head:
            piece = self._head[: len(view)]
            self._head = self._head[len(view):]
        else:
            piece = self._pull(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _pull(self, size: int) -> bytes:
        try:
            piece: bytes = self._source.read(size)
        except EOFError:
            raise RefusedError(
                Refusal.TRUNCATED, self.where,
                "the gzip archive ends too early. Deliver the whole file again.",
            ) from None
        except (gzip.BadGzipFile, zlib.error):
            raise RefusedError(
                Refusal.UNREADABLE, self.where,
                "the gzip archive is damaged. Deliver the file again.",
            ) from None
        except OSError as error:
            raise RefusedError(
                Refusal.UNREADABLE, self.where, f"the file cannot be read ({error.strerror})."
            ) from None
        self._given += len(piece)
        if (self._packed and self._given > _RATIO_COUNTS_FROM
                and self._given > MAX_UNPACK_RATIO * self._size):
            raise RefusedError(
                Refusal.TOO_LARGE, self.where,
                f"the archive unpacks to more than {MAX_UNPACK_RATIO} times its size. "
                "Deliver the file unpacked if that is right.",
            )
        return piece


def open_text(
    path: Path, name: str, encoding: str, kind: str = "CSV", not_it: Refusal = Refusal.NOT_CSV
) -> tuple[DeliveredBytes, io.TextIOWrapper]:
    """Open a file of text (of a ``kind``) in the declared encoding, line breaks untouched.

    Raises RefusedError: EMPTY, WRONG_TYPE or ``not_it`` (what it is instead), ENCODING (a byte order
    mark that contradicts the declared encoding), UNREADABLE, TRUNCATED, TOO_LARGE.
    """
    raw = DeliveredBytes(path, name)
    try:
        _refuse_other_kinds(raw.head(), name, encoding, kind, not_it)
    except RefusedError:
        raw.close()
        raise
    # A byte order mark in front of declared UTF-8 is no fault, so both names read alike.
    reading_as = "utf-8-sig" if is_utf8(encoding) else encoding
    return raw, io.TextIOWrapper(io.BufferedReader(raw, _CHUNK), encoding=reading_as, newline="")


def is_utf8(encoding: str) -> bool:
    """Whether the declared encoding is UTF-8, with or without a byte order mark."""
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig", "utf8-sig")


def find_encoding_fault(path: Path, name: str, encoding: str) -> RefusedError:
    """The refusal for a file whose bytes are not in the declared encoding: line and suggestion."""
    decoding = "utf-8" if is_utf8(encoding) else encoding
    others = ["utf-8", "cp1252"] if not is_utf8(encoding) else ["cp1252"]
    with DeliveredBytes(path, name) as raw:
        for number, line in enumerate(io.BufferedReader(raw, _CHUNK), start=1):
            if _decodes(line, decoding):
                continue
            fitting = [other for other in others if _decodes(line, other)]
            hint = f" The line can be read as {fitting[0]}." if fitting else ""
            return RefusedError(
                Refusal.ENCODING, f"{name}, line {number}",
                f"expected {encoding}, found a byte that is none.{hint} Deliver the file in "
                f"{encoding}, or change 'encoding' in the contract.",
            )
    return RefusedError(Refusal.ENCODING, name, f"expected {encoding}, found other bytes.")


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def refuse_other_types(head: bytes, name: str, expected: str, magic: bytes | None) -> None:
    """Raise RefusedError when the first bytes of a file are not those of its type.

    ``magic``: what they must be; None for a text file. EMPTY, or WRONG_TYPE saying what was found and
    what to do.
    """
    if not head.strip(b"\r\n\t \xef\xbb\xbf"):
        raise RefusedError(Refusal.EMPTY, name, "the file is empty. Deliver it again.")
    if magic is not None and head.startswith(magic):
        return
    other = next((known for known in _MAGIC if head.startswith(known)), None)
    if other is None and magic is None:
        return
    if other is not None:
        found = _MAGIC[other]
    else:
        found = _markup(head) or ("another kind of file" if 0 in head else "a text file")
    kind = expected.split(" ", 1)[1].removesuffix(" file")
    advice = _ADVICE.get(other or b"", f"Export it as {kind}.")
    raise RefusedError(
        Refusal.WRONG_TYPE, name, f"expected {expected}, found {found}. {advice}"
    )


def refuse_unnamed_archive(path: Path, name: str) -> None:
    """Raise RefusedError WRONG_TYPE for a gzip archive whose name does not say that it is one."""
    if name.casefold().endswith(".gz"):
        return
    try:
        with path.open("rb") as file:
            is_packed = file.read(len(_GZIP)) == _GZIP
    except OSError:
        return  # the reader says what is wrong with it
    if is_packed:
        raise RefusedError(
            Refusal.WRONG_TYPE, name,
            f"found a gzip archive (gz) of another name. Deliver it as {name}.gz, or unpacked.",
        )


def _markup(head: bytes) -> str | None:
    """What a text is when it is no table of values but markup."""
    start = head.lstrip(b"\xef\xbb\xbf\r\n\t ")[:200].lower()
    if not start.startswith((b"<!doctype", b"<html", b"<?xml", b"<log")):
        return None
    return "XML" if start.startswith((b"<?xml", b"<log")) else "a web page (HTML)"


def _refuse_other_kinds(
    head: bytes, name: str, encoding: str, kind: str, not_it: Refusal
) -> None:
    refuse_other_types(head, name, f"a {kind} file", None)
    markup = _markup(head)
    if markup is not None:
        raise RefusedError(
            not_it, name, f"expected a {kind} file, found {markup}. Export it as {kind}."
        )
    wide = encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32"))
    if not wide and (head[:2] in (b"\xff\xfe", b"\xfe\xff") or head.count(0) * 4 > len(head)):
        raise RefusedError(
            Refusal.ENCODING, f"{name}, line 1",
            f"expected {encoding}, found UTF-16. Deliver the file in {encoding}, or write "
            "'encoding: utf-16' in the contract.",
        )
    if head.startswith(b"\xef\xbb\xbf") and not is_utf8(encoding):
        raise RefusedError(
            Refusal.ENCODING, f"{name}, line 1",
            f"expected {encoding}, found the byte order mark of UTF-8. Deliver the file in "
            f"{encoding}, or write 'encoding: utf-8-sig' in the contract.",
        )
