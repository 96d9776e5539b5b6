"""Faults of bytes and characters (rows 11-16, 42-44)."""

import unicodedata

from pm_pipeline.synthetic.broken.faults import FaultList
from pm_pipeline.synthetic.broken.good import NAME, Broken, Workshop

FAULTS = FaultList()
fault = FAULTS.fault


@fault(11, "byte order mark")
def _(shop: Workshop) -> Broken:
    """UTF-8 with a byte order mark."""
    return shop.done(shop.file(shop.text(), encoding="utf-8-sig"))


@fault(12, "cp1252")
def _(shop: Workshop) -> Broken:
    """A row in cp1252 where UTF-8 was agreed."""
    shop.put(20, Navn=f"{NAME} Søgård")
    line = shop.text().splitlines()[20]
    return shop.lines(21, line.encode("cp1252"))


@fault(13, "utf-16")
def _(shop: Workshop) -> Broken:
    """UTF-16 where UTF-8 was agreed."""
    return shop.done(shop.file(shop.text(), encoding="utf-16"), line=1)


@fault(13, "utf-16, agreed")
def _(shop: Workshop) -> Broken:
    """UTF-16, as the contract says."""
    shop.agree("encoding: utf-8-sig", "encoding: utf-16")
    return shop.done(shop.file(shop.text(), encoding="utf-16"))


@fault(14, "encoded twice")
def _(shop: Workshop) -> Broken:
    """A code was read as cp1252 once and written as UTF-8 again."""
    shop.put(20, Hændelse="Møde".encode().decode("cp1252"))
    return shop.done(line=21, column="activity")


@fault(15, "NUL byte")
def _(shop: Workshop) -> Broken:
    """A NUL byte stands in a name."""
    shop.put(20, Navn=f"{NAME}\0")
    return shop.done(line=21)


@fault(15, "NUL tail")
def _(shop: Workshop) -> Broken:
    """The file ends in NUL bytes, as after a crash of the disk."""
    return shop.done(shop.file(shop.text() + "\0" * 400), line=len(shop.rows) + 2)


@fault(16, "line ends mixed")
def _(shop: Workshop) -> Broken:
    """Lines end with CR LF, with LF and with CR by turns."""
    lines = shop.text().split("\r\n")[:-1]
    ends = ("\r\n", "\n", "\r")
    text = "".join(line + ends[number % 3] for number, line in enumerate(lines))
    return shop.done(shop.file(text))


@fault(16, "CR alone")
def _(shop: Workshop) -> Broken:
    """Lines end with CR alone."""
    return shop.done(shop.file(shop.text(end="\r")))


@fault(42, "formulas")
def _(shop: Workshop) -> Broken:
    """Texts begin as a spreadsheet's formula does."""
    for number, sign in enumerate(("=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "-2+3"), start=20):
        shop.put(number, Enhed=sign)
    return shop.done(line=21, column="unit")


@fault(43, "cell of a million characters")
def _(shop: Workshop) -> Broken:
    """A text has a million characters."""
    shop.put(20, Enhed="x" * 1_000_000)
    return shop.done(line=21, column="unit")


@fault(43, "line of three million characters")
def _(shop: Workshop) -> Broken:
    """A note makes a line of more than two million characters."""
    shop.put(20, Notat="x" * 3_000_000)
    return shop.done(line=21)


@fault(44, "odd characters in codes")
def _(shop: Workshop) -> Broken:
    """Codes with no-break and zero-width blanks, in decomposed letters, with a mark of direction."""
    odd = ("\u00a0Samtale\u00a0", "Sam\u200btale", "\u2060Tilbud\ufeff", "\u202eMøde")
    for number, code in enumerate(odd, start=20):
        shop.put(number, Hændelse=code, Enhed=unicodedata.normalize("NFD", "Århus"))
    return shop.done(line=21, column="activity")
