"""The result of judging: one typed row per rule and slice, counts only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.result_file import write_whole

_TYPES: Mapping[str, pa.DataType] = {
    **dict.fromkeys(
        ("municipality_id", "process_id", "regime_id", "dataset", "suite", "rule_id", "title_da",
         "title_en", "severity", "outcome"),
        pa.string(),
    ),
    **dict.fromkeys(("n_checked", "n_failed"), pa.int64()),
    **dict.fromkeys(("percent", "threshold"), pa.float64()),
    **dict.fromkeys(("legal_basis", "reason", "detail"), pa.string()),
    "counts_people": pa.bool_(),
    **dict.fromkeys(("n_checked_citizens", "n_split_citizens"), pa.int64()),
}  # fmt: skip
SCHEMA = pa.schema(list(_TYPES.items()))


class Outcome(StrEnum):
    """What became of a rule on a slice. Only PASS says that the data is as expected."""

    PASS = "PASS"
    FAIL = "FAIL"
    ERROR = "ERROR"  # the rule itself broke: says nothing about the data
    NO_DATA = "NO_DATA"  # nothing was checked
    NOT_IN_FORCE = "NOT_IN_FORCE"  # the regime had not begun, or ended before the first case
    NOT_APPLICABLE = "NOT_APPLICABLE"  # no case of this process, or its regime put the rule aside


@dataclass(frozen=True)
class RuleResult:
    """One rule on one slice; the columns of rule_results.parquet.

    ``n_checked`` and ``n_failed`` count events, cases, rows or codes; ``percent`` (0-100) is the
    measured share, for several rows the worst one. ``detail`` says how the outcome came about.

    ``counts_people``: what is counted is of citizens (not codes or months): then at least
    ``n_checked_citizens`` stand behind all of it, and ``n_split_citizens`` behind what failed or what
    passed, whichever has fewer; None where nobody knows.
    """

    municipality_id: str
    process_id: str | None
    regime_id: str | None
    dataset: str
    suite: str
    rule_id: str
    title_da: str
    title_en: str
    severity: str
    outcome: Outcome
    n_checked: int | None
    n_failed: int | None
    percent: float | None
    threshold: float | None
    legal_basis: str | None
    reason: str | None
    detail: str | None
    counts_people: bool = True
    n_checked_citizens: int | None = None
    n_split_citizens: int | None = None

    @property
    def is_judged(self) -> bool:
        """The rule said something, if only that it is broken."""
        return self.outcome in (Outcome.PASS, Outcome.FAIL, Outcome.ERROR)

    @property
    def is_broken(self) -> bool:
        """The data is not as expected, or nobody knows because the rule broke."""
        return self.outcome in (Outcome.FAIL, Outcome.ERROR)


@dataclass(frozen=True)
class QualityReport:
    """All results of one municipality, as written to ``path``."""

    municipality_id: str
    path: Path
    results: tuple[RuleResult, ...]

    @property
    def outcomes(self) -> Mapping[Outcome, int]:
        """How many results have each outcome; every outcome is named."""
        found = Counter(result.outcome for result in self.results)
        return {outcome: found[outcome] for outcome in Outcome}


def write_results(
    results: Sequence[RuleResult], path: Path, about: Mapping[str, str] | None = None
) -> None:
    """Write ``path``; typed also when there are no results."""
    rows = [asdict(result) | {"outcome": result.outcome.value} for result in results]
    write_whole(pa.Table.from_pylist(rows, schema=SCHEMA), path, about)


def read_results(path: Path) -> tuple[RuleResult, ...]:
    """The results in ``path``.

    Raises:
        PipelineError: the file is missing or is no file of rule results.
    """
    if not path.exists():
        raise PipelineError(f"{path}: no rule results yet; run the quality step first")
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise PipelineError(f"{path}: not a Parquet file; run the quality step again") from error
    if table.schema.names != SCHEMA.names:
        raise PipelineError(f"{path}: other columns than expected; run the quality step again")
    return tuple(
        RuleResult(**(row | {"outcome": Outcome(row["outcome"])})) for row in table.to_pylist()
    )


def withheld_slices(report: QualityReport | Path) -> set[tuple[str | None, str | None]]:
    """The (process_id, regime_id) that must not be published: a critical rule is FAIL or ERROR.

    A critical rule about the whole delivery withholds every slice of the report, and (None, None):
    what rests on the delivery and is of no slice. NO_DATA withholds nothing: of nothing, or of too few
    to tell a share (``share_least`` and its kin in ``quality_limits.csv``), nobody knows whether it is
    bad.
    """
    results = read_results(report) if isinstance(report, Path) else report.results
    failing = [one for one in results if one.severity == "critical" and one.is_broken]
    concerned = results if any(one.process_id is None for one in failing) else failing
    return {(one.process_id, one.regime_id) for one in concerned}
