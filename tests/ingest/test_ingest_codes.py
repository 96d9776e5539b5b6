"""The codes are two closed lists: each has a text in both languages and stands in the page."""

import re
from pathlib import Path

import pytest

import pm_pipeline
from pm_pipeline.ingest.rejects.document import PAGE, codes_document
from pm_pipeline.ingest.rejects.reasons import REASON_TEXTS, REFUSAL_TEXTS, Reason, Refusal

INGEST = Path(pm_pipeline.__file__).parent / "ingest"


@pytest.mark.parametrize("code", [*Reason, *Refusal])
def test_a_code_has_a_danish_and_an_english_text(code: Reason | Refusal) -> None:
    texts = REASON_TEXTS[code] if isinstance(code, Reason) else REFUSAL_TEXTS[code]
    danish, english = texts
    assert len(danish) > 10 and len(english) > 10 and danish != english
    assert not danish.endswith(".") and not english.endswith(".")


def test_the_page_of_codes_is_the_list_of_codes() -> None:
    assert PAGE.read_text(encoding="utf-8") == codes_document(), (
        "run: python -m pm_pipeline.ingest.rejects.document"
    )
    for code in (*Reason, *Refusal):
        assert f"| `{code}`" in codes_document()


def test_every_code_is_used_and_none_is_written_as_a_text_of_its_own() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(INGEST.rglob("*.py"))
        if path.name != "reasons.py"
    )
    used = set(re.findall(r"\b(?:Reason|Refusal)\.([A-Z_]+)", sources))
    assert used <= {code.name for code in (*Reason, *Refusal)}
    unused = {code.name for code in (*Reason, *Refusal)} - used
    # Codes of formats whose readers are still to come.
    assert unused <= {"WRONG_TYPE", "NESTED_VALUE", "NOT_JSON", "BAD_RECORD"}
