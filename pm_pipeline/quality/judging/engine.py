"""Great Expectations, closed up: the only module that imports it, and only when it is needed.

The import takes some ten seconds and the context is the same for every municipality, so a process
has one :class:`Engine` (:func:`get_engine`). What leaves it is a success, a class of error and
counts: never an observed value, never the text of an exception (both may hold personal data).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.suites.rule import Rule

if TYPE_CHECKING:
    import pandas as pd

# Which rows failed, without their values: COMPLETE gives their positions.
_RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
}
_ERROR_CLASS = re.compile(r"^(?:\w+\.)*([A-Z]\w*(?:Error|Exception))\b", re.MULTILINE)


@dataclass(frozen=True)
class Judgement:
    """What the library said about one rule on some rows of facts.

    ``error`` is the class of the exception when the rule itself broke, else None.
    ``failing_rows`` are the index labels of the rows that are not as expected; all rows when an
    expectation about a whole column fails.
    """

    error: str | None
    failing_rows: frozenset[int]


class Engine:
    """One ephemeral context with one pandas batch, and the suites built so far."""

    def __init__(self) -> None:
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        self._gx = gx
        self._suites: dict[tuple[str, ...], Any] = {}
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._batches = (
            context.data_sources.add_pandas("facts")
            .add_dataframe_asset("slice")
            .add_batch_definition_whole_dataframe("whole")
        )

    def check(self, rules: Sequence[Rule]) -> None:
        """Have the library build each rule.

        Raises:
            PipelineError: it refuses or drops one.
        """
        for rule in rules:
            self._suite((rule,))

    def judge(
        self, facts: "pd.DataFrame", rules: Sequence[Rule], parameters: Mapping[str, Sequence[str]]
    ) -> dict[str, Judgement]:
        """Validate ``facts`` against all ``rules`` in one call; judgements by rule_id.

        A call costs some ten milliseconds per rule and next to nothing per row: hand over the rows
        of every slice at once, unless the rule is about a whole column.

        Raises:
            PipelineError: the library gave back other rules than it was given.
        """
        result = self._batches.get_batch(batch_parameters={"dataframe": facts}).validate(
            self._suite(tuple(rules)),
            result_format=_RESULT_FORMAT,
            expectation_parameters={name: list(values) for name, values in parameters.items()},
        )
        # Results come in the library's order, not in ours: erring rules first.
        judged = {
            item.expectation_config.meta["rule_id"]: _judgement(item, facts)
            for item in result.results
        }
        if set(judged) != {rule.rule_id for rule in rules}:
            missing = sorted({rule.rule_id for rule in rules} - set(judged))
            raise PipelineError(f"Great Expectations gave no result for {', '.join(missing)}")
        return judged

    def _suite(self, rules: tuple[Rule, ...]) -> Any:
        key = tuple(f"{rule.suite}/{rule.rule_id}/{rule.type}/{rule.kwargs}" for rule in rules)
        if key not in self._suites:
            self._suites[key] = self._build(rules)
        return self._suites[key]

    def _build(self, rules: tuple[Rule, ...]) -> Any:
        specs = [
            {
                "type": rule.type,
                "kwargs": dict(rule.kwargs),
                "meta": {"rule_id": rule.rule_id},
                "severity": rule.severity,
            }
            for rule in rules
        ]
        named = ", ".join(f"{rule.suite}/{rule.dataset}.json {rule.rule_id}" for rule in rules)
        try:
            suite = self._gx.ExpectationSuite(name="slice", expectations=specs)
        except Exception as error:
            # The library raises many classes here (pydantic v1, its own); all mean: not usable.
            raise PipelineError(f"{named}: Great Expectations refuses the rule: {error}") from error
        # An expectation it cannot build it drops with no more than a log line.
        if len(suite.expectations) != len(rules):
            raise PipelineError(
                f"{named}: Great Expectations kept {len(suite.expectations)} of {len(rules)} rules"
            )
        return suite


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """The engine of this process, made on first use."""
    return Engine()


def _judgement(item: Any, facts: "pd.DataFrame") -> Judgement:
    error = _error_class(item.exception_info or {})
    if error is not None:
        return Judgement(error, frozenset())
    if item.success:
        return Judgement(None, frozenset())
    failing = (item.result or {}).get("unexpected_index_list")
    return Judgement(None, frozenset(facts.index if failing is None else failing))


def _error_class(exception_info: Mapping[str, Any]) -> str | None:
    """The class name of what was raised. exception_info is flat, or keyed by metric."""
    if "raised_exception" in exception_info:
        infos = [exception_info]
    else:
        infos = [info for info in exception_info.values() if isinstance(info, Mapping)]
    for info in infos:
        if info.get("raised_exception"):
            found = _ERROR_CLASS.findall(str(info.get("exception_traceback") or ""))
            return found[-1] if found else "an exception without a class"
    return None
