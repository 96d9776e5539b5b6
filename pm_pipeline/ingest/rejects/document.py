"""The two closed lists of codes as a page to look things up in: ``README.md`` beside this module.

``python -m pm_pipeline.ingest.rejects.document`` writes it; a test keeps the two equal.
"""

from pathlib import Path

from pm_pipeline.ingest.rejects.reasons import (
    REASON_TEXTS,
    REFUSAL_TEXTS,
    SCHEMA_CHANGES,
    Reason,
    Refusal,
)

PAGE = Path(__file__).with_name("README.md")
_INTRODUCTION = """\
# Why something did not enter

Made by `python -m pm_pipeline.ingest.rejects.document` from `reasons.py`; edit the texts there.

Two closed lists. A **refusal** concerns a whole file or delivery: nothing of it is loaded, and what
was loaded before stays. A **reason** concerns one row or one value: it becomes a reject with file,
line, column, what was expected and what kind of thing was found (never the value itself, which stays
in landing), and the rest of the file loads, up to `max_rejected_percent` of the contract.
"""


def codes_document() -> str:
    """The page as Markdown."""
    lines = [_INTRODUCTION, "## Refusals: the whole file or delivery\n", _HEAD, _RULE]
    lines += [
        _row(code, REFUSAL_TEXTS[code], " (*)" if code in SCHEMA_CHANGES else "") for code in Refusal
    ]
    lines += [
        "\n(*) A change of form: what becomes of the delivery is `on_schema_change` of the contract.\n",
        "## Reasons: one row or one value\n", _HEAD, _RULE,
    ]
    lines += [_row(code, REASON_TEXTS[code], "") for code in Reason]
    return "\n".join(lines) + "\n"


_HEAD = "| code | på dansk | in English |"
_RULE = "|---|---|---|"


def _row(code: str, texts: tuple[str, str], mark: str) -> str:
    danish, english = (text.replace("|", "\\|") for text in texts)
    return f"| `{code}`{mark} | {danish} | {english} |"


if __name__ == "__main__":
    PAGE.write_text(codes_document(), encoding="utf-8")
