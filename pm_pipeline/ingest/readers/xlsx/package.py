"""Open an Excel workbook (ECMA-376): the checks before any of it is parsed, and its parts.

A workbook is a zip archive of XML parts. Only the parts that hold the values of one sheet are ever
opened; macros, links to other files and pictures are not. Sizes are checked as declared, and the
archive gives no more bytes of a part than it declares.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self
from xml.parsers import expat

from pm_pipeline.ingest.identifiers import CPR_LIKE
from pm_pipeline.ingest.readers.opening import refuse_other_types
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

MAX_UNPACK_RATIO = 100  # a sheet of real rows packs to a tenth
_RATIO_COUNTS_FROM = 1024 * 1024
_MAX_UNPACKED = 8 * 1024**3
_MAX_ENTRIES = 2_000
MAX_DEPTH = 100
_NO_COLUMN = 26**4
_CHUNK = 256 * 1024
_SHEET_TYPE = "/worksheet"
# OSError: a part whose place is told as one before the beginning of the file, or a disk that fails.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError,
)

StartElement = Callable[[str, dict[str, str]], None]
EndElement = Callable[[str], None]


class Workbook:
    """The parts of one workbook; use as a context manager.

    Raises RefusedError: EMPTY, WRONG_TYPE (no xlsx, or one with a password), TOO_LARGE, TRUNCATED,
    UNREADABLE, XML_UNSAFE.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._name = name
        try:
            with path.open("rb") as file:
                head = file.read(4096)
            refuse_other_types(head, name, "an Excel workbook (xlsx)", b"PK\x03\x04")
            self._zip = zipfile.ZipFile(path)
        except OSError as error:
            raise RefusedError(
                Refusal.UNREADABLE, name, f"the file cannot be opened ({error.strerror})."
            ) from None
        except _DAMAGED:
            raise RefusedError(
                Refusal.TRUNCATED, name,
                "the workbook ends too early or is damaged. Deliver the whole file again.",
            ) from None
        try:
            self._check_sizes(path.stat().st_size)
            self._parts = {entry.filename.lstrip("/") for entry in self._zip.infolist()}
            self._read_workbook()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def sheet_part(self, sheet: str | None) -> str:
        """The part of the sheet of that name, or of the only one.

        Raises RefusedError HEADER_MISMATCH naming the sheets there are.
        """
        if sheet is None and len(self._sheets) == 1:
            return next(iter(self._sheets.values()))
        folded = {name.strip().casefold(): part for name, part in self._sheets.items()}
        if sheet is not None and sheet.strip().casefold() in folded:
            return folded[sheet.strip().casefold()]
        told = ", ".join(repr(_harmless(name)) for name in [*self._sheets][:20]) or "none"
        wanted = f"the sheet '{sheet}'" if sheet is not None else "one sheet"
        raise RefusedError(
            Refusal.HEADER_MISMATCH, self._name,
            f"expected {wanted}, found the sheets {told}. Name the sheet as agreed, or write its "
            "name under 'part' in the contract.",
        )

    @property
    def strings_part(self) -> str | None:
        """The part with the texts that cells share."""
        return self._related("/sharedStrings")

    @property
    def styles_part(self) -> str | None:
        """The part with the number formats."""
        return self._related("/styles")

    def parse(self, part: str, parser: expat.XMLParserType) -> Iterator[None]:
        """Feed a part to a parser chunk by chunk; yields after each, so that rows can be taken."""
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        try:
            with self._zip.open(self._entry(part)) as file:
                while chunk := file.read(_CHUNK):
                    parser.Parse(chunk, False)
                    yield
                parser.Parse(b"", True)
        except expat.ExpatError:
            raise self._unreadable(part, "is no valid XML") from None
        except _DAMAGED:
            raise self._unreadable(part, "is damaged") from None

    def _unreadable(self, part: str, fault: str) -> RefusedError:
        return RefusedError(
            Refusal.UNREADABLE, f"{self._name}, {_harmless(part)}",
            f"this part of the workbook {fault}. Save the workbook again and deliver it.",
        )

    def _refuse_doctype(self, *_: object) -> None:
        raise RefusedError(
            Refusal.XML_UNSAFE, self._name,
            "found a document type (DOCTYPE) in the workbook, which Excel never writes.",
        )

    def _check_sizes(self, packed: int) -> None:
        entries = self._zip.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > _MAX_ENTRIES or unpacked > _MAX_UNPACKED or (
            unpacked > _RATIO_COUNTS_FROM and unpacked > MAX_UNPACK_RATIO * packed
        ):
            raise RefusedError(
                Refusal.TOO_LARGE, self._name,
                f"the workbook unpacks to more than {MAX_UNPACK_RATIO} times its size, or has more "
                f"than {_MAX_ENTRIES} parts. Deliver the table as CSV if that is right.",
            )
        if any(entry.flag_bits & 1 for entry in entries):
            raise RefusedError(
                Refusal.WRONG_TYPE, self._name,
                "the workbook is protected by a password. Save it without one.",
            )

    def _entry(self, part: str) -> zipfile.ZipInfo:
        for name in (part, f"/{part}"):
            try:
                return self._zip.getinfo(name)
            except KeyError:
                continue
        raise self._unreadable(part, "is missing")

    def _read_workbook(self) -> None:
        root = self._relations("_rels/.rels", "")
        main = next((t for kind, t in root.values() if kind.endswith("/officeDocument")), None)
        if main is None or main.endswith(".bin"):
            raise RefusedError(
                Refusal.WRONG_TYPE, self._name,
                "expected an Excel workbook (xlsx), found another kind of archive"
                + (" (xlsb)" if main else "") + ". Save it as xlsx.",
            )
        folder, file = posixpath.split(main)
        self._links = self._relations(f"{folder}/_rels/{file}.rels".lstrip("/"), folder)
        self._sheets: dict[str, str] = {}
        self.uses_1904 = False

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "workbookPr":
                self.uses_1904 = attributes.get("date1904") in ("1", "true", "on")
            elif tag == "sheet":
                link = next((v for k, v in attributes.items() if k.endswith(":id")), "")
                kind, target = self._links.get(link, ("", ""))
                if kind.endswith(_SHEET_TYPE):
                    self._sheets[attributes.get("name", "")] = target

        for _ in self.parse(main, element_parser(start, lambda _: None)):
            pass

    def _relations(self, part: str, folder: str) -> dict[str, tuple[str, str]]:
        """Type and target of each relation inside the workbook; those to the outside are left out."""
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                path = target if target.startswith("/") else posixpath.join(folder, target)
                found[attributes.get("Id", "")] = (
                    attributes.get("Type", ""), posixpath.normpath(path).lstrip("/")
                )

        if part not in self._parts:
            raise RefusedError(
                Refusal.WRONG_TYPE, self._name,
                "expected an Excel workbook (xlsx), found another kind of archive. Save it as xlsx.",
            )
        for _ in self.parse(part, element_parser(start, lambda _: None)):
            pass
        return found

    def _related(self, kind: str) -> str | None:
        return next((target for t, target in self._links.values() if t.endswith(kind)), None)


def element_parser(start: StartElement, end: EndElement) -> expat.XMLParserType:
    """A parser that calls back with names of elements without their namespace's prefix.

    Raises RefusedError XML_UNSAFE from the callback for elements nested too deep.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            refuse_depth("workbook")
        start(tag, attributes)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag)

    parser.StartElementHandler, parser.EndElementHandler = plain_names(opened, closed)
    return parser


def plain_names(start: StartElement, end: EndElement) -> tuple[StartElement, EndElement]:
    """The same callbacks for a file in which names of elements have a prefix ("x:row")."""
    return (
        lambda tag, attributes: start(tag.rpartition(":")[2], attributes),
        lambda tag: end(tag.rpartition(":")[2]),
    )


def refuse_depth(where: str) -> NoReturn:
    """Raise RefusedError XML_UNSAFE for elements nested deeper than in any workbook."""
    raise RefusedError(
        Refusal.XML_UNSAFE, where, f"found elements nested more than {MAX_DEPTH} deep."
    )


@cache
def _column(letters: str) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - 64
    return number - 1


def column_number(place: str) -> int:
    """The column of a cell such as "C5", from 0; of what is no cell, beyond every column."""
    letters = place.rstrip("0123456789")
    if not letters.isupper() or not letters.isascii() or len(letters) > 3:
        return _NO_COLUMN
    return _column(letters)


def _harmless(name: str) -> str:
    """A name out of the workbook for a message: cut, and without what looks like a CPR number."""
    return re.sub(CPR_LIKE, "…", name)[:60]
