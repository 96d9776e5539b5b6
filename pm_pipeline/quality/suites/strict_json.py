"""JSON read without what Python lets pass: keys that stand twice, NaN, numbers without end."""

import json
import math
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from pm_pipeline.errors import PipelineError


def read_object(path: Path) -> dict[str, Any]:
    """The object in a JSON file, read again only when the file was edited.

    Raises:
        PipelineError: it is no JSON in UTF-8, holds no object, names a key twice, or a number that
            JSON does not have.
    """
    try:
        return _parsed(path, path.stat().st_mtime_ns)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise PipelineError(f"{path}: not JSON in UTF-8: {error}") from error


@lru_cache(maxsize=256)
def _parsed(path: Path, _modified: int) -> dict[str, Any]:
    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        for name in names:
            if names.count(name) > 1:
                raise PipelineError(f"{path}: the key {name!r} stands twice in one object")
        return dict(pairs)

    def no_constant(word: str) -> NoReturn:
        raise PipelineError(f"{path}: {word} is not a number of JSON")

    def number(word: str) -> float:
        # 1e999 becomes infinity without a word
        value = float(word)
        return value if math.isfinite(value) else no_constant(word)

    spec = json.loads(
        path.read_text("utf-8"), object_pairs_hook=no_duplicates, parse_constant=no_constant,
        parse_float=number,
    )
    if not isinstance(spec, dict):
        raise PipelineError(f"{path}: expected an object with name, meta and expectations")
    return spec
