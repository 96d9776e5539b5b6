"""Judge the facts of one municipality: slice by slice, rule by rule, counts only.

Severity: a ``critical`` rule that fails or errs withholds its slice from publication and is an
error in Dagster; ``warning`` is a warning there and withholds nothing; ``info`` is recorded only.
No rule stops a run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.judging.crowd import NOBODY_KNOWS, Behind, Crowd
from pm_pipeline.quality.judging.engine import Judgement, get_engine
from pm_pipeline.quality.judging.results import Outcome, QualityReport, RuleResult, write_results
from pm_pipeline.quality.judging.slices import (
    Slice,
    not_judged,
    rows_for,
    rows_of,
    slices_of,
)
from pm_pipeline.quality.suites.datasets import DATASETS, QUALITY_CASES, ColumnKind, Dataset
from pm_pipeline.quality.suites.loading import SuiteSet, load_suites
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.quality.suites.rule import Rule
from pm_pipeline.registry import Registry

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


@dataclass(frozen=True)
class _Finding:
    """What a rule found: everything of a result that is not the rule's own."""

    outcome: Outcome
    detail: str | None = None
    n_checked: int | None = None
    n_failed: int | None = None
    percent: float | None = None
    behind: Behind = NOBODY_KNOWS


@dataclass(frozen=True)
class _Case:
    """One slice of a dataset with its rows and rules, and why it cannot be judged, if so.

    ``set_aside``: the rules that its regime retired or replaced, each with why.
    """

    where: Slice
    rows: "pd.DataFrame"
    rules: tuple[Rule, ...]
    set_aside: tuple[tuple[Rule, str], ...]
    not_judged: _Finding | None


def run_suites(
    connection: "duckdb.DuckDBPyConnection",
    municipality_id: str,
    registry: Registry,
    expectations_dir: Path,
    out_path: Path,
    as_of: date,
    about: Mapping[str, str] | None = None,
) -> QualityReport:
    """Judge every (process, regime) of one warehouse and write ``out_path`` (Parquet).

    ``about`` is kept in the file's own metadata.

    Rules that find the data wanting do not raise; they are rows with outcome FAIL.

    Raises:
        PipelineError: a suite is not usable, or the warehouse lacks a table of facts.
    """
    reference = Reference.of(registry)
    suites = load_suites(expectations_dir, reference)
    facts = {name: _read_facts(connection, dataset) for name, dataset in DATASETS.items()}
    crowd = Crowd(connection)
    results = tuple(
        _result(municipality_id, dataset, where, rule, finding)
        for dataset in DATASETS.values()
        for where, rule, finding in _judge(dataset, facts, suites, reference, as_of, crowd)
    )
    write_results(results, out_path, about)
    return QualityReport(municipality_id, out_path, results)


def _read_facts(connection: "duckdb.DuckDBPyConnection", dataset: Dataset) -> "pd.DataFrame":
    import duckdb

    try:
        return connection.execute(f"select * from quality.{dataset.name}").df()
    except duckdb.CatalogException as error:
        raise PipelineError(
            f"the warehouse has no table quality.{dataset.name}: it was made by other code; "
            "`pm-pipeline run` makes it anew"
        ) from error


def _judge(
    dataset: Dataset,
    facts: Mapping[str, "pd.DataFrame"],
    suites: SuiteSet,
    reference: Reference,
    as_of: date,
    crowd: Crowd,
) -> Iterator[tuple[Slice, Rule, _Finding]]:
    """Every rule on every slice of one dataset."""
    mine, cases = facts[dataset.name], facts[QUALITY_CASES.name]
    planned = []
    for where in slices_of(dataset, mine, reference):
        rows = rows_of(mine, dataset, where)
        reason = not_judged(where, rows, cases, reference, as_of)
        slice_ = (dataset.name, where.process_id, where.regime_id)
        planned.append(
            _Case(
                where, rows, suites.resolve(*slice_), suites.not_in_force(*slice_),
                _Finding(*reason) if reason else None,
            )
        )
    # All slices in one call: what a rule says of rows in slices it is not for is never read.
    live = {rule.rule_id: rule for one in planned if not one.not_judged for rule in one.rules}
    by_row = _ask(mine, [rule for rule in live.values() if not rule.whole_column], reference)
    for one in planned:
        for rule, why in one.set_aside:
            yield one.where, rule, _Finding(Outcome.NOT_APPLICABLE, why)
        if one.not_judged:
            yield from ((one.where, rule, one.not_judged) for rule in one.rules)
            continue
        whole = _judge_whole_columns(one, reference)
        for rule in one.rules:
            judgement = (whole if rule.whole_column else by_row)[rule.rule_id]
            yield one.where, rule, _finding(dataset, one.where, rule, one.rows, judgement, crowd)


def _judge_whole_columns(one: _Case, reference: Reference) -> dict[str, Judgement]:
    """The rules about a whole column, those about the same rows in one call."""
    by_rows: dict[tuple[tuple[str, str], ...], list[Rule]] = {}
    for rule in one.rules:
        if rule.whole_column:
            by_rows.setdefault(tuple(sorted(rule.only.items())), []).append(rule)
    found: dict[str, Judgement] = {}
    for rules in by_rows.values():
        rows = rows_for(rules[0], one.rows)
        # the library breaks on a column without rows; that there are none is told elsewhere
        found |= (
            dict.fromkeys((rule.rule_id for rule in rules), Judgement(None, frozenset()))
            if rows.empty
            else _ask(rows, rules, reference)
        )
    return found


def _ask(rows: "pd.DataFrame", rules: list[Rule], reference: Reference) -> Mapping[str, Judgement]:
    return get_engine().judge(rows, rules, reference.parameters) if rules else {}


def _finding(
    dataset: Dataset, where: Slice, rule: Rule, rows: "pd.DataFrame", judgement: Judgement,
    crowd: Crowd,
) -> _Finding:
    if judgement.error is not None:
        return _Finding(Outcome.ERROR, f"the rule broke: {judgement.error}")
    absent = {rule.checked, rule.failed, *rule.only} - {None, *rows.columns}
    if absent:
        return _Finding(Outcome.ERROR, f"the facts have no column {', '.join(map(str, absent))}")
    rows = rows_for(rule, rows)
    if rows.empty:
        asked = ", ".join(f"{column} = {value}" for column, value in rule.only.items())
        return _Finding(Outcome.NO_DATA, f"no row with {asked}")
    failing = judgement.failing_rows & set(rows.index)
    if rule.checked is None or rule.failed is None:  # codes are counted, not what uses them
        checked: int | None = int(rows[list(rule.columns)].notna().all(axis="columns").sum())
        failed: int | None = len(failing)
    else:
        checked, failed = _total(rows, rule.checked), _total(rows, rule.failed)
    behind = crowd.behind(dataset, where, rule, rows, checked, failed)
    # The library calls an empty column a success; nothing checked is not a pass.
    if not checked or _nothing_measured(rule, rows):
        why = "too few to tell a share" if checked else "nothing to check"
        return _Finding(Outcome.NO_DATA, why, checked, failed, behind=behind)
    percent, worst = _percent(dataset, rule, rows, checked, failed)
    return _Finding(
        Outcome.FAIL if failing else Outcome.PASS, worst, checked, failed, percent, behind
    )


def _total(rows: "pd.DataFrame", column: str) -> int | None:
    total = rows[column].sum(min_count=1)
    return None if total != total else int(total)


def _nothing_measured(rule: Rule, rows: "pd.DataFrame") -> bool:
    """A measured column is null throughout; a rule that is about nulls measures all the same."""
    if rule.type.endswith("_be_null"):
        return False
    return any(bool(rows[column].isna().all()) for column in rule.columns)


def _percent(
    dataset: Dataset, rule: Rule, rows: "pd.DataFrame", checked: int, failed: int | None
) -> tuple[float | None, str | None]:
    """The measured share, and for a table of several rows which row is the worst."""
    column = rule.kwargs.get("column")
    if column is None or dataset.columns[column] is not ColumnKind.PERCENT:
        return (None if failed is None else 100.0 * failed / checked), None
    shares = rows[column]
    at = shares.idxmax() if "max_value" in rule.kwargs else shares.idxmin()
    if dataset.sliced:
        return float(shares[at]), None
    return float(shares[at]), f"worst: {rows['system_id'][at]}/{rows['source_table'][at]}"


def _result(
    municipality_id: str, dataset: Dataset, where: Slice, rule: Rule, finding: _Finding
) -> RuleResult:
    return RuleResult(
        municipality_id=municipality_id, process_id=where.process_id, regime_id=where.regime_id,
        dataset=dataset.name, suite=rule.suite, rule_id=rule.rule_id, title_da=rule.title_da,
        title_en=rule.title_en, severity=rule.severity, outcome=finding.outcome,
        n_checked=finding.n_checked, n_failed=finding.n_failed, percent=finding.percent,
        threshold=rule.threshold, legal_basis=rule.legal_basis, reason=rule.reason,
        detail=finding.detail, counts_people=dataset.counts_people(rule.failed),
        n_checked_citizens=finding.behind.checked, n_split_citizens=finding.behind.split,
    )  # fmt: skip
