"""The page and the sheet that a sender gets."""

import base64
import csv
import hashlib
import io
import re
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser

import pytest

from pm_pipeline.quality.delivery_report.content import (
    Count,
    DeliveryReport,
    FileLine,
    Line,
    Refused,
    Trend,
    Weight,
)
from pm_pipeline.quality.delivery_report.page import as_html
from pm_pipeline.quality.delivery_report.sheet import HEADER, as_csv

LINE = Line(
    "rejected_row", "MISSING_VALUE", Weight.MUST, ("en værdi mangler", "a value is missing"),
    ("Udfyld feltet.", "Fill it in."), "contacts", "citizen_id", "ten digits", Count(12, 3356),
    Count(1, 3000), ("c.csv:8", "c.csv:113", "d.csv:4"),
)
REPORT = DeliveryReport(
    "901", "Nordlund", "momentum", "KMD Momentum", "20261101-18c68e23434e", date(2026, 11, 1),
    datetime(2026, 11, 2, 6, 0), "2026-01", date(2026, 11, 3), "20260701-4f5c1453a4c8",
    files=[FileLine("c.csv", ("contacts",), 3356, 3340, 12, 4)], lines=[LINE],
)
REFUSED = replace(
    REPORT, lines=[], compared_with=None,
    files=[FileLine("c.csv", ("contacts",), None, None, None, None)],
    refused=Refused("ENCODING", False, ("tegnsæt", "encoding"), ("Ret.", "Mend."), "c.csv: <b>"),
)


def _rows(report: DeliveryReport) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(report).lstrip("\ufeff")), delimiter=";"))


@pytest.mark.parametrize(
    ("now", "before", "trend"),
    [
        (Count(2, 300), Count(0, 300), Trend.NEW),
        (Count(0, 300), Count(2, 300), Trend.GONE),
        (Count(11, 545), Count(10, 3356), Trend.WORSE),
        (Count(10, 3356), Count(11, 545), Trend.BETTER),
        (Count(1, 303), Count(1, 1751), Trend.SAME),  # may be chance
        (Count(300, 300), Count(1751, 1751), Trend.SAME),
        (Count(40, None), Count(9, None), Trend.WORSE),
        (Count(3, None), Count(4, None), Trend.SAME),
        (Count(3, 10), None, None),
    ],
)  # fmt: skip
def test_better_and_worse_are_said_only_beyond_chance(
    now: Count, before: Count | None, trend: Trend | None
) -> None:
    assert replace(LINE, now=now, before=before).trend is trend


def test_the_page_asks_no_other_machine_and_its_policy_lets_in_its_own_style_only() -> None:
    page = as_html(REPORT)
    assert not re.search(r"(?i)(https?:)?//|url\(|@import|<script|<img|<link|<iframe| on\w+=", page)
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page.replace("&#39;", "'")
    assert " style=" not in page  # which the policy would not let in


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("report", [REPORT, REFUSED, replace(REPORT, lines=[])])
def test_every_page_is_whole_html(report: DeliveryReport) -> None:
    parser = _Balance()
    parser.feed(as_html(report))
    assert parser.open == []


def test_a_line_tells_what_where_how_many_before_and_what_to_mend_in_both_languages() -> None:
    page = re.sub(r"<[^>]+>", "", as_html(REPORT))
    for told in (
        "en værdi mangler", "a value is missing", "contacts.citizen_id", "12 af 3.356 (0,4 %)",
        "værre", "linje 8, 113", "linje 4", "Udfyld feltet.", "Fill it in.", "1 slags fejl skal rettes",
    ):
        assert told in page, told


def test_a_delivery_without_fault_says_so() -> None:
    page = as_html(replace(REPORT, lines=[]))
    assert "Ingen fejl fundet" in page and "Skal rettes" not in page


def test_a_refused_delivery_says_why_and_shows_no_counts() -> None:
    page = as_html(REFUSED)
    assert "blev afvist: intet af den er læst ind" in page
    assert "c.csv: &lt;b&gt;" in page
    assert 'class="figures"' not in page
    assert "venter" in as_html(replace(REFUSED, refused=replace(_refused(), is_quarantined=True)))
    [row] = _rows(REFUSED)
    assert (row["kind"], row["code"], row["detail"]) == ("refusal", "ENCODING", "c.csv: <b>")


def _refused() -> Refused:
    assert REFUSED.refused is not None
    return REFUSED.refused


def test_what_comes_from_outside_is_escaped() -> None:
    line = replace(LINE, detail="<script>alert(1)</script>", places=("<i>.csv:1",))
    page = as_html(replace(REPORT, lines=[line]))
    assert "<script" not in page and "<i>" not in page


def test_the_sheet_begins_with_a_byte_order_mark_and_is_split_by_semicolons() -> None:
    text = as_csv(REPORT)
    assert text.startswith("\ufeff" + ";".join(HEADER) + "\r\n")
    [row] = _rows(REPORT)
    assert (row["found"], row["of"], row["found_before"], row["trend"]) == (
        "12", "3356", "1", "worse",
    )
    assert row["first_places"] == "c.csv:8, c.csv:113, d.csv:4"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_as_a_formula(start: str) -> None:
    harmful = f"{start}cmd|' /C calc'!A0"
    [row] = _rows(replace(REPORT, lines=[replace(LINE, detail=harmful, table=harmful)]))
    assert row["detail"] == row["table"] == f"'{harmful}"
