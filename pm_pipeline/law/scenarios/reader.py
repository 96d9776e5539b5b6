"""Read the files of examples strictly: each fault becomes a finding with file, line and name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pm_pipeline.errors import PipelineError
from pm_pipeline.law.scenarios.form import Stories, Story
from pm_pipeline.registry import Finding
from pm_pipeline.strict_yaml import Document, load_strict_yaml

_EXPECTED_BY_ERROR = {
    "missing": "a value",
    "enum": "one of {expected}",
    "extra_forbidden": "a key of the form",
    "date_from_datetime_parsing": "a day that exists",
    "int_parsing": "a whole number",
    "string_type": "text",
    "tuple_type": "a list",
    "model_type": "keys with values",
    "too_short": "one example at least",
}


@dataclass(frozen=True)
class Scenario:
    """An example and where it stands."""

    file: str
    line: int
    rule_id: str
    about: str
    story: Story

    def fault(
        self, expected: str, found: str, action: str, key: str | None = None
    ) -> Finding:
        """A finding about this example."""
        return Finding(
            self.file, expected, found, action, column=key, line=self.line, scenario=self.story.name
        )


def read_scenarios(folders: Sequence[Path], findings: list[Finding]) -> tuple[Scenario, ...]:
    """The examples of every ``*.yml`` in ``folders``, in the order of files and lines.

    A folder that does not exist holds none. Faults are appended to ``findings``.
    """
    scenarios: list[Scenario] = []
    for folder in folders:
        for path in sorted(folder.glob("*")):
            scenarios += _read(path, f"{folder.parent.name}/{folder.name}/{path.name}", findings)
    findings += _named_twice(scenarios)
    return tuple(scenarios)


def _read(path: Path, shown: str, findings: list[Finding]) -> list[Scenario]:
    if path.suffix != ".yml":
        findings.append(
            Finding(shown, "<rule_id>.yml, one file per rule", f"'{path.name}'", "rename or remove it")
        )
        return []
    try:
        document = load_strict_yaml(path)
        told = Stories.model_validate(document.value)
    except PipelineError as error:
        said = str(error).removeprefix(str(path)).strip(" ,:.")
        findings.append(
            Finding(shown, "plain YAML", said, "mend it: a text with a colon or # stands in quotes")
        )
        return []
    except ValidationError as error:
        findings += [_told(fault, document, shown) for fault in error.errors(include_url=False)]
        return []
    if told.rule != path.stem:
        findings.append(
            Finding(shown, f"the rule that names the file, '{path.stem}'", f"'{told.rule}'",
                    "correct the key or the name of the file", column="rule",
                    line=document.line_of(("rule",)))
        )
        return []
    return [
        Scenario(shown, document.line_of(("scenarios", str(number))) or 1, told.rule, told.about, story)
        for number, story in enumerate(told.scenarios)
    ]


def _told(fault: Any, document: Document, shown: str) -> Finding:
    """Pydantic's error in the words of the file."""
    at = tuple(str(part) for part in fault["loc"])
    context = fault.get("ctx", {})
    if fault["type"] == "value_error":
        expected = str(context["error"])
    else:
        expected = _EXPECTED_BY_ERROR.get(fault["type"], fault["msg"]).format(**context)
    found, action = f"'{fault['input']}'", "correct it"
    if fault["type"] == "missing":
        found, action = "none", "add the key"
    elif fault["type"] == "extra_forbidden":
        found, action = f"the unknown key '{at[-1]}'", "check its spelling, or remove it"
    elif isinstance(fault["input"], dict | list):
        found = "keys with values" if isinstance(fault["input"], dict) else "a list"
    key = ".".join(at[2:] if at[:1] == ("scenarios",) else at)
    return Finding(
        shown, expected, found, action, column=key or None, line=document.line_of(at),
        scenario=_name_at(document, at),
    )


def _name_at(document: Document, at: tuple[str, ...]) -> str | None:
    """What the example at this place calls itself."""
    if len(at) < 2 or at[0] != "scenarios":
        return None
    story = document.value["scenarios"][int(at[1])]
    return story.get("name") if isinstance(story, dict) else None


def _named_twice(scenarios: Iterable[Scenario]) -> list[Finding]:
    first: dict[tuple[str, str], Scenario] = {}
    found = []
    for one in scenarios:
        other = first.setdefault((one.rule_id, one.story.name), one)
        if other is not one:
            found.append(
                one.fault("a name of its own", f"the name of {other.file} line {other.line}",
                          "give one of them another name", "name")
            )
    return found
