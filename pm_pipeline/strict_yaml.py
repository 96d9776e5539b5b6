"""YAML as people expect it: every scalar is text, a key stands once, nothing is executed.

Plain YAML reads ``0101`` as 65 and ``NO`` as false, and lets the last of two equal keys win; a
contract or an example of law must not be able to change its meaning that way.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pm_pipeline.errors import PipelineError

# The same language, read ten times faster where PyYAML was built with its C library.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """A parsed file: nested dicts, lists and text, and the line each field starts in (from 1)."""

    path: Path
    value: Any
    lines: dict[tuple[str, ...], int]

    def line_of(self, location: tuple[str, ...]) -> int | None:
        """The line of a field, or of the nearest field above it that the file does have."""
        for length in range(len(location), 0, -1):
            if location[:length] in self.lines:
                return self.lines[location[:length]]
        return None


def load_strict_yaml(path: Path) -> Document:
    """Read one YAML file.

    Raises PipelineError, naming file and line, for text that is no YAML, a key that stands twice,
    an anchor or alias, a tag, or a file that cannot be read as UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PipelineError(
            f"{path}: cannot be read as UTF-8 text ({type(error).__name__}). Check the file."
        ) from None
    lines: dict[tuple[str, ...], int] = {}
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if getattr(event, "anchor", None):
                raise _fault(path, event.start_mark, "anchors and aliases (& and *) are not used")
            if getattr(event, "tag", None):
                raise _fault(path, event.start_mark, "tags (! and !!) are not used")
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise _fault(path, error.problem_mark, f"no valid YAML ({error.problem})") from None
    except yaml.YAMLError as error:
        raise PipelineError(f"{path}: no valid YAML ({type(error).__name__}).") from None
    return Document(path, _plain(path, node, (), lines), lines)


def _plain(path: Path, node: Any, at: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> Any:
    if node is None:
        return None
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(path, child, (*at, str(index)), lines) for index, child in enumerate(node.value)
        ]
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _fault(path, key_node.start_mark, "a key must be plain text")
        key = key_node.value
        if key in result:
            raise _fault(path, key_node.start_mark, f"the key '{key}' stands twice; keep one")
        lines[(*at, key)] = key_node.start_mark.line + 1
        result[key] = _plain(path, value_node, (*at, key), lines)
    return result


def _fault(path: Path, mark: Any, what: str) -> PipelineError:
    line = f", line {mark.line + 1}" if mark is not None else ""
    return PipelineError(f"{path}{line}: {what}.")
