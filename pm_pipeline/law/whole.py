"""Is the law of a field whole: its seeds, an example of every rule, expectations of every regime?

Everything here reads files only; whether the examples come out as they say is judged by running the
models' SQL (:mod:`pm_pipeline.law.scenarios.judging`).
"""

from dataclasses import dataclass
from pathlib import Path

from pm_pipeline.law.checks.suites import suite_findings
from pm_pipeline.law.register import load_checked_registry, validate
from pm_pipeline.law.scenarios.coverage import coverage_findings
from pm_pipeline.law.scenarios.example import Example, examples_of
from pm_pipeline.law.scenarios.reader import read_scenarios
from pm_pipeline.registry import Finding, Registry, read_registry, refuse
from pm_pipeline.settings import Settings


@dataclass(frozen=True)
class LawFolders:
    """Where the law of a field stands. Later folders add to the first: a draft beside what is law."""

    seeds_dir: Path
    scenario_dirs: tuple[Path, ...]
    expectation_dirs: tuple[Path, ...]

    @classmethod
    def of(cls, settings: Settings) -> "LawFolders":
        """The law of the active field."""
        return cls(settings.seeds_dir, (settings.scenarios_dir,), (settings.expectations_dir,))


@dataclass(frozen=True)
class Law:
    """The seeds as typed rows, the examples that can be judged, and every fault found on the way."""

    registry: Registry
    examples: tuple[Example, ...]
    findings: tuple[Finding, ...]
    #: The seeds themselves are at fault: nothing was looked at beyond them.
    seeds_are_faulty: bool


def read_law(folders: LawFolders) -> Law:
    """Read and check everything that can be checked without running SQL."""
    registry, faults = read_registry(folders.seeds_dir)
    faults = faults or validate(registry)
    if faults:
        return Law(registry, (), tuple(faults), seeds_are_faulty=True)
    return _law_of(registry, folders)


def refuse_law_that_is_not_whole(folders: LawFolders) -> None:
    """Stop the load of the definitions: nothing is built on law that is not whole.

    Raises:
        PipelineError: every fault of the seeds; or else every fault of the examples, every rule
            without an example and every regime without a suite, with file and row or line.
    """
    registry = load_checked_registry(folders.seeds_dir)
    refuse(folders.seeds_dir.parent, _law_of(registry, folders).findings, "the law")


def _law_of(registry: Registry, folders: LawFolders) -> Law:
    findings: list[Finding] = []
    examples = [
        example
        for scenario in read_scenarios(folders.scenario_dirs, findings)
        for example in examples_of(registry, scenario, findings)
    ]
    findings += coverage_findings(registry, examples)
    findings += suite_findings(registry, folders.expectation_dirs)
    # what is wrong with a whole file is found at each of its examples
    findings = list(dict.fromkeys(findings))
    return Law(registry, tuple(examples), tuple(findings), seeds_are_faulty=False)
