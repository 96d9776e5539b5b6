"""Faults of the seeds, told so that the person who edits a file can mend them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pm_pipeline.errors import PipelineError


@dataclass(frozen=True)
class Finding:
    """One fault: where it stands, what was expected, what was found, what to do."""

    file: str
    expected: str
    found: str
    action: str
    column: str | None = None
    row: int | None = None
    line: int | None = None
    #: The example of law it stands in: a file of examples has lines and names, no rows.
    scenario: str | None = None

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f" row {self.row} (line {self.line})"
        elif self.line is not None:
            where += f" line {self.line}"
        if self.scenario is not None:
            where += f", scenario '{self.scenario}'"
        if self.column is not None:
            is_seed = self.file.endswith(".csv")
            where += f", {'column' if is_seed else 'key'} {self.column}"
        return f"{where}: expected {self.expected}, found {self.found}; {self.action}"


def refuse(folder: Path, findings: Iterable[Finding], what: str = "the seeds") -> None:
    """Raise one PipelineError that lists all ``findings``; do nothing when there are none."""
    told = [str(finding) for finding in findings]
    if told:
        faults = "1 fault" if len(told) == 1 else f"{len(told)} faults"
        raise PipelineError(f"{faults} in {what} of {folder}:\n" + "\n".join(told))
