"""A difference of law as JSON: what the page says, with every row behind it."""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from pm_pipeline.law.diff import LawDiff


def law_diff_as_json(diff: LawDiff) -> str:
    """One object; words are ``{"da": …, "en": …}``, rows of seeds their columns."""
    told = _plain(diff)
    return json.dumps({"is_empty": diff.is_empty, **told}, ensure_ascii=False, indent=2)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude={"row", "line"})
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Set):
        return sorted(_plain(one) for one in value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value
