"""What a number in a cell means, by its number format (ECMA-376 part 1, 18.8.30 and 18.8.31)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from pm_pipeline.ingest.readers.native_text import shortest_text
from pm_pipeline.ingest.readers.xlsx.package import Workbook, element_parser

Kind = Literal["number", "date", "minute", "second", "time", "digits"]
_BUILT_IN: dict[int, Kind] = {
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, *range(50, 59)), "date"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), "time"), 22: "minute",
}
# Quoted text, colours and conditions, an escaped character, a blank as wide as or filled with one.
_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_DIGITS = re.compile(r"0+(?:-0+)*")
_SIGNIFICANT = 15  # digits that Excel keeps and shows
_MS_PER_DAY = 86_400_000
_LAST_DAY = 2_958_465  # 31 December 9999


@dataclass(frozen=True)
class NumberFormat:
    """``kind``: how finely a date or time is shown, ``digits``: a number with leading zeros."""

    kind: Kind
    digits: str = ""


def number_format(code: str) -> NumberFormat:
    """What a custom format makes of a number: a date when it shows a year or a day."""
    section = code.split(";")[0]
    if _ELAPSED.search(section):
        return NumberFormat("number")  # a length of time, not a time of day
    plain = section.replace("\\-", "-")
    if _DIGITS.fullmatch(plain) and plain.count("0") > 1:
        return NumberFormat("digits", plain)
    text = re.sub(r"am/pm|a/p", "", _LITERALS.sub("", section).lower())
    if "general" in text:
        return NumberFormat("number")
    has_clock = "h" in text or "s" in text
    if "y" in text or "d" in text or ("m" in text and not has_clock):
        if not has_clock:
            return NumberFormat("date")
        return NumberFormat("second" if "s" in text else "minute")
    return NumberFormat("time" if has_clock else "number")


def read_formats(workbook: Workbook) -> list[NumberFormat]:
    """The number format of each cell style of a workbook, by the style's number."""
    custom: dict[str, NumberFormat] = {}
    styles: list[NumberFormat] = []
    inside = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            custom[attributes.get("numFmtId", "")] = number_format(attributes.get("formatCode", ""))
        elif tag in ("cellXfs", "cellStyleXfs"):
            inside = tag
        elif tag == "xf" and inside == "cellXfs":
            number = attributes.get("numFmtId", "0")
            built_in = _BUILT_IN.get(int(number), "number") if number.isdecimal() else "number"
            styles.append(custom.get(number, NumberFormat(built_in)))

    def end(tag: str) -> None:
        nonlocal inside
        if tag == inside:
            inside = ""

    if workbook.styles_part is not None:
        for _ in workbook.parse(workbook.styles_part, element_parser(start, end)):
            pass
    return styles


def cell_text(raw: str, form: NumberFormat, sign: str, uses_1904: bool) -> str:
    """A number as it stands in the file, as text: what a person sees, but never rounded.

    A date without a time of day is told without one; a time of day that the format hides is told.
    Raises ValueError for what is no number.
    """
    if form.kind == "number" or form.kind == "digits":
        # Whole numbers of any length are told as they stand.
        text = raw if raw.isdecimal() and raw.isascii() else _fifteen_digits(raw, sign)
        return _filled_in(text, form.digits) if form.kind == "digits" else text
    serial = float(raw)
    if not 0 <= serial <= _LAST_DAY:
        return _fifteen_digits(raw, sign)
    day, ms = divmod(round(serial * _MS_PER_DAY), _MS_PER_DAY)
    clock = (datetime(2000, 1, 1) + timedelta(milliseconds=ms)).time()
    if form.kind == "time" and day == 0:
        return clock.isoformat("milliseconds" if ms % 1000 else "seconds")
    date = _day(day, uses_1904)
    if form.kind == "date" and not ms:
        return date
    shows_seconds = form.kind != "minute" or ms % 60_000
    unit = "milliseconds" if ms % 1000 else "seconds" if shows_seconds else "minutes"
    return f"{date}T{clock.isoformat(unit)}"


def _fifteen_digits(raw: str, sign: str) -> str:
    """Excel writes 1.1 as 1.1000000000000001; beyond fifteen digits there is only noise."""
    return shortest_text(Decimal(f"{float(raw):.{_SIGNIFICANT}g}"), sign)


def _filled_in(text: str, digits: str) -> str:
    """101801234 under the format 000000-0000 is 010180-1234."""
    if not text.isdecimal():
        return text
    text = text.zfill(digits.count("0"))
    # What is longer than the format is written in front of it.
    extra = len(text) - digits.count("0")
    rest = iter(text[extra:])
    return text[:extra] + "".join(next(rest) if sign == "0" else sign for sign in digits)


def _day(day: int, uses_1904: bool) -> str:
    """ISO date of a day's number. Excel counts a 29 February 1900 that never was; it is told as that
    impossible date, so that it is rejected and not moved."""
    if uses_1904:
        return (datetime(1904, 1, 1) + timedelta(days=day)).date().isoformat()
    if day == 60:
        return "1900-02-29"
    epoch = datetime(1899, 12, 30) if day > 60 else datetime(1899, 12, 31)
    return (epoch + timedelta(days=day)).date().isoformat()
