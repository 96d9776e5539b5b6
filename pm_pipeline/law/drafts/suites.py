"""The expectation suites of a new regime, begun as a copy of the running one's."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pm_pipeline.errors import PipelineError

_WITH_YEAR = re.compile(r"([A-Z]+)\d\d(-[A-Z0-9-]+)")


def copied_suites(
    expectations_dir: Path, former: str, regime_id: str, begins: date, note: str
) -> Iterator[tuple[str, str]]:
    """(file below ``expectations/``, text) of each suite of the regime ``former``, for ``regime_id``.

    Every rule gets an id of its own, since results are kept by it, and ``note`` before its reason.

    Raises:
        PipelineError: a suite of the regime is no JSON object.
    """
    taken = set(_rule_ids(expectations_dir))
    for path in sorted((expectations_dir / "regimes" / former).glob("*.json")):
        suite = _read(path)
        name = f"regimes/{regime_id}/{path.stem}"
        suite["name"] = name
        suite["meta"] = suite.get("meta", {}) | {"description": note}
        for item in suite["expectations"]:
            meta = item["meta"]
            meta["rule_id"] = _new_id(meta["rule_id"], begins, taken)
            meta["reason"] = " ".join(filter(None, (note, meta.get("reason"))))
            taken.add(meta["rule_id"])
        yield f"{name}.json", json.dumps(suite, ensure_ascii=False, indent=2) + "\n"


def _new_id(rule_id: str, begins: date, taken: set[str]) -> str:
    """``FL26-002`` becomes ``FL27-002``; where that is taken, the day is added."""
    dated = _WITH_YEAR.fullmatch(rule_id)
    wanted = f"{dated[1]}{begins:%y}{dated[2]}" if dated else f"{rule_id}-{begins:%Y}"
    if wanted in taken:
        wanted = f"{rule_id}-{begins:%Y%m%d}"
    number = 2
    while wanted in taken:
        wanted = f"{rule_id}-{begins:%Y%m%d}-{number}"
        number += 1
    return wanted


def _rule_ids(expectations_dir: Path) -> Iterator[str]:
    for path in expectations_dir.rglob("*.json"):
        for item in _read(path)["expectations"]:
            yield item["meta"]["rule_id"]


def _read(path: Path) -> dict[str, Any]:
    try:
        suite: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(suite["expectations"], list):
            raise TypeError("expectations is no list")
    except (ValueError, KeyError, TypeError) as error:
        raise PipelineError(
            f"{path}: expected a suite (an object with a list of expectations): {error}; mend the file"
        ) from error
    return suite
