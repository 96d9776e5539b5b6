"""Judge examples by the SQL that judges every case, and compare with what they expect."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pm_pipeline.law.scenarios.example import Example
from pm_pipeline.law.scenarios.form import Outcome
from pm_pipeline.law.scenarios.rows import Rows, acts_of, municipality_of
from pm_pipeline.law.scenarios.scratch import Scratch
from pm_pipeline.registry import Registry

#: What has to be compiled for it.
TARGETS = ("rule_outcomes", "population_shares")

OnExample = Callable[[int, int], None]


@dataclass(frozen=True)
class Difference:
    """A column that did not come out as the example says."""

    column: str
    expected: object
    found: object


@dataclass(frozen=True)
class Judgement:
    """An example, everything the SQL said of it, and what of that is not as expected."""

    example: Example
    found: Mapping[str, Any]
    differences: tuple[Difference, ...]

    @property
    def is_right(self) -> bool:
        return not self.differences


def judge(
    registry: Registry, scratch: Scratch, examples: Sequence[Example],
    on_example: OnExample = lambda done, total: None,
) -> list[Judgement]:
    """One judgement per example, in their order.

    Single cases of one municipality stand side by side, each with a citizen of its own. A cohort is
    everybody of a month and group, so each example of a cohort is judged in a warehouse of its own.
    """
    notions = {one.case_notion_id: str(one.object_type) for one in registry.case_notions}
    found: dict[int, Mapping[str, Any]] = {}
    for municipality_id, batch in _batches(registry, examples):
        rows = Rows()
        for number in batch:
            _add(rows, number, examples[number], notions)
        scratch.put(rows, municipality_id)
        for day in sorted({examples[number].as_of for number in batch}):
            scratch.see_on(day)
            outcomes = _by_citizen(scratch.rows("rule_outcomes"))
            for number in (one for one in batch if examples[one].as_of == day):
                example = examples[number]
                found[number] = (
                    _share(scratch, example) if example.is_of_a_cohort
                    else _outcome(outcomes.get(_citizen(number, 0), []), example)
                )
                on_example(len(found), len(examples))
    return [
        Judgement(example, found[number], _differences(example, found[number]))
        for number, example in enumerate(examples)
    ]


def _batches(registry: Registry, examples: Sequence[Example]) -> Iterator[tuple[str, list[int]]]:
    single: dict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(examples):
        town = municipality_of(registry, example.scenario.story.courses[0])
        if example.is_of_a_cohort:
            yield town, [number]
        else:
            single[town].append(number)
    yield from single.items()


def _citizen(example: int, course: int) -> str:
    return f"example {example} citizen {course}"


def _add(rows: Rows, number: int, example: Example, notions: Mapping[str, str]) -> None:
    for place, course in enumerate(example.scenario.story.courses):
        rows.add(
            _citizen(number, place), example.process, notions, course,
            acts_of(example.process, example.rule, course),
        )


def _by_citizen(outcomes: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for one in outcomes:
        found[one["citizen_id"]].append(one)
    return found


def _is_of(row: Mapping[str, Any], example: Example) -> bool:
    rule = example.rule
    return (row["process_id"], row["rule_id"], row["version"], row["regime_id"]) == (
        example.process.process_id, rule.rule_id, rule.version, rule.regime_id
    )


def _outcome(rows: list[dict[str, Any]], example: Example) -> Mapping[str, Any]:
    mine = [row for row in rows if _is_of(row, example)]
    return mine[0] if mine else {"outcome": Outcome.NOT_BOUND}


def _share(scratch: Scratch, example: Example) -> Mapping[str, Any]:
    mine = [row for row in scratch.rows("population_shares") if _is_of(row, example)]
    if len(mine) != 1:
        # no cohort at all, or courses of several months or groups: then there is no one share
        return {"n_cohorts": len(mine)}
    (cohort,) = mine
    quota = None
    if cohort["n_cohort"]:
        quota = cohort["n_reached"] >= cohort["share_required"] * cohort["n_cohort"]
    return {**cohort, "quota_met": quota}


def _differences(example: Example, found: Mapping[str, Any]) -> tuple[Difference, ...]:
    if "n_cohorts" in found:
        return (Difference("n_cohorts", 1, found["n_cohorts"]),)
    return tuple(
        Difference(column, _plain(expected), _plain(found.get(column)))
        for column, expected in example.scenario.story.expect.named.items()
        if _plain(expected) != _plain(found.get(column))
    )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Outcome) else value
