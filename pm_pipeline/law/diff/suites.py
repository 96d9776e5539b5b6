"""The expectation suites of an old and a new regime set against each other.

The files are read as they lie (``expectations/regimes/<regime_id>/<dataset>.json``): whether they are
sound suites is judged where they are loaded.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pm_pipeline.bilingual import Words
from pm_pipeline.errors import PipelineError
from pm_pipeline.law.diff.processes import ProcessDiff
from pm_pipeline.registry import Regime


@dataclass(frozen=True)
class SuiteRule:
    """One expectation; ``says`` are its parameters and its severity."""

    dataset: str
    rule_id: str
    title: Words
    about: tuple[str, str]
    says: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Suite:
    """The expectation folder of a regime; without files when there is none."""

    regime_id: str | None
    files: tuple[Path, ...] = ()
    rules: tuple[SuiteRule, ...] = ()
    retires: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SuiteDiff:
    """What the new regime's suite does against the old one's.

    ``carried``: the same check under another id. ``replaced``: a check of the same column with other
    limits. ``retired``: baseline rules that the new regime switches off and the old one did not;
    ``restored`` the other way round. ``lacks_suite``: the new regime has no expectation at all.
    """

    process_id: str
    before: str | None
    after: str | None
    added: tuple[SuiteRule, ...]
    removed: tuple[SuiteRule, ...]
    replaced: tuple[tuple[SuiteRule, SuiteRule], ...]
    carried: tuple[tuple[SuiteRule, SuiteRule], ...]
    retired: tuple[str, ...]
    restored: tuple[str, ...]
    lacks_suite: bool

    @property
    def datasets(self) -> tuple[str, ...]:
        rows = (*self.added, *self.removed, *(one for pair in self.replaced for one in pair))
        return tuple(sorted({one.dataset for one in rows}))


def suite_diffs(
    processes: Sequence[ProcessDiff], suite_roots: Sequence[Path]
) -> tuple[SuiteDiff, ...]:
    """One per process that has another regime.

    Args:
        suite_roots: folders that hold a folder per regime: ``expectations/regimes``, and that of a
            draft.

    Raises:
        PipelineError: a file that is no JSON of a suite.
    """
    return tuple(
        _compared(one.process_id, _suite(one.before, suite_roots), _suite(one.after, suite_roots))
        for one in processes if one.has_other_regime
    )


def _suite(regime: Regime | None, roots: Sequence[Path]) -> Suite:
    if regime is None:
        return Suite(None)
    files = tuple(path for root in roots for path in sorted((root / regime.regime_id).glob("*.json")))
    rules: list[SuiteRule] = []
    retires: set[str] = set()
    for path in files:
        spec = _read(path)
        try:
            rules += [_rule(path.stem, item) for item in spec["expectations"]]
            retires |= set(spec.get("meta", {}).get("retires", ()))
            # a rule that another stands for is switched off as well
            retires |= {
                item["meta"]["replaces"] for item in spec["expectations"]
                if "replaces" in item["meta"]
            }
        except (KeyError, TypeError, AttributeError) as error:
            raise PipelineError(
                f"{path}: expected a suite with expectations, each with type, kwargs and meta.rule_id; "
                f"found another form ({type(error).__name__}: {error}). See expectations/README.md"
            ) from error
    return Suite(regime.regime_id, files, tuple(rules), frozenset(retires))


def _read(path: Path) -> dict[str, Any]:
    try:
        spec: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise PipelineError(f"{path}: not JSON in UTF-8: {error}") from error
    return spec


def _rule(dataset: str, item: Mapping[str, Any]) -> SuiteRule:
    meta, kwargs = item["meta"], dict(item["kwargs"])
    column = str(kwargs.pop("column", ""))
    # the same check of other rows is another check
    column += "".join(f" [{name}={value}]" for name, value in sorted(meta.get("only", {}).items()))
    says = {**kwargs, "severity": item.get("severity", "")}
    return SuiteRule(
        dataset=dataset,
        rule_id=str(meta["rule_id"]),
        title=Words(str(meta.get("title_da", "")), str(meta.get("title_en", ""))),
        about=(str(item["type"]), column),
        says=tuple(sorted((name, json.dumps(value)) for name, value in says.items())),
    )


def _compared(process_id: str, old: Suite, new: Suite) -> SuiteDiff:
    left = list(new.rules)
    pairs: list[tuple[SuiteRule, SuiteRule]] = []
    removed = []
    for was in old.rules:
        now = next(
            (one for one in left if (one.dataset, one.about) == (was.dataset, was.about)), None
        )
        if now is None:
            removed.append(was)
        else:
            left.remove(now)
            pairs.append((was, now))
    return SuiteDiff(
        process_id=process_id, before=old.regime_id, after=new.regime_id,
        added=tuple(left), removed=tuple(removed),
        replaced=tuple((was, now) for was, now in pairs if was.says != now.says),
        carried=tuple((was, now) for was, now in pairs if was.says == now.says),
        retired=tuple(sorted(new.retires - old.retires)),
        restored=tuple(sorted(old.retires - new.retires)),
        lacks_suite=new.regime_id is not None and not new.rules,
    )
