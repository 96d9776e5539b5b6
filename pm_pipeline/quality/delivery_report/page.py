"""The report as one page of HTML that asks nothing of any other machine and prints on paper."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from pm_pipeline.quality.delivery_report.content import Count, DeliveryReport, Trend, Weight

_HERE = Path(__file__).parent
_SECTIONS = {
    Weight.MUST: (
        "Skal rettes", "Must be mended",
        "Rækker, der ikke kunne bruges. De mangler i alle tal.",
        "Rows that could not be used. They are missing in every figure.",
    ),
    Weight.SHOULD: (
        "Bør rettes", "Should be mended",
        "Rækker, der blev brugt, men som giver et forkert billede.",
        "Rows that were used but give a false picture.",
    ),
    Weight.KNOW: (
        "Til orientering", "For information",
        "Ændringer og forhold, der kan være helt i orden.",
        "Changes and facts that may be quite in order.",
    ),
}
_CLASSES = {Weight.MUST: "must", Weight.SHOULD: "should", Weight.KNOW: "know"}
_TRENDS = {
    Trend.NEW: ("ny", "new"),
    Trend.WORSE: ("værre", "worse"),
    Trend.SAME: ("uændret", "unchanged"),
    Trend.BETTER: ("bedre", "better"),
    Trend.GONE: ("væk", "gone"),
}


def as_html(report: DeliveryReport) -> str:
    """The page. Everything that comes from outside is escaped; the only style is its own."""
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    text: str = _template().render(
        report=report, style=style, policy=policy, sections=_SECTIONS, trends=_TRENDS, weights=Weight,
        classes=_CLASSES, number=_number, counted=_counted,
    )
    return text


@lru_cache(maxsize=1)
def _template():  # type: ignore[no-untyped-def]  # jinja2 is imported where a page is made
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string((_HERE / "page.html.j2").read_text(encoding="utf-8"))


def _number(value: int | None) -> str:
    """``12.345`` as Danes write it."""
    return "–" if value is None else f"{value:,}".replace(",", ".")


def _counted(count: Count) -> str:
    """``12 af 3.356 (0,4 %)``; a share below a tenth of a percent is told as such."""
    if count.share is None:
        return _number(count.found)
    percent = 100 * count.share
    told = "under 0,1" if 0 < percent < 0.05 else f"{percent:.1f}".replace(".", ",")
    return f"{_number(count.found)} af {_number(count.checked)} ({told} %)"
