"""The receipt of a publication: what went in, what was lost on the way, and what made it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from pm_pipeline.errors import PipelineError
from pm_pipeline.warehouse import connect

RECEIPT_FILE = "receipt.json"
_CHUNK = 1 << 20
# Made by tools, or by the run itself: they change without any figure changing.
_IGNORED = frozenset({"__pycache__", "target", "logs", "dbt_packages", ".user.yml"})


class DeliveryReceipt(BaseModel):
    """One delivery that the figures rest on; ``sha256s`` of its files, sorted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system_id: str
    delivery_id: str
    contract_version: str
    sha256s: tuple[str, ...]


class Receipt(BaseModel):
    """Everything a reader needs to ask "where does this figure come from?".

    Row counts: ``rows_in`` = ``rows_loaded`` + ``rows_rejected`` + ``exact_duplicates`` over all
    deliveries; ``staged_rows`` = ``events`` + ``rejected_events``. ``published_at`` is UTC.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    municipality_id: str
    deliveries: tuple[DeliveryReceipt, ...]
    rows_in: int = Field(ge=0)
    rows_loaded: int = Field(ge=0)
    rows_rejected: int = Field(ge=0)
    exact_duplicates: int = Field(ge=0)
    staged_rows: int = Field(ge=0)
    events: int = Field(ge=0)
    rejected_events: int = Field(ge=0)
    regimes: tuple[str, ...]
    law_fingerprint: str
    code_version: str
    min_group_size: int
    input_fingerprint: str
    published_at: AwareDatetime

    @property
    def generation(self) -> str:
        """Name of the publication: sortable by time, and telling two inputs apart."""
        stamp = self.published_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        return f"{stamp}-{self.input_fingerprint[:8]}"


def read_receipt(published_dir: Path) -> Receipt | None:
    """The receipt of what is published now; None when nothing is published yet.

    Raises:
        PipelineError: there is a receipt, but it is not one of this version.
    """
    path = published_dir / RECEIPT_FILE
    try:
        content = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    try:
        return Receipt.model_validate_json(content)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, item["loc"])) or "content" for item in error.errors())
        raise PipelineError(
            f"{path}: not a receipt of this version (wrong: {fields}); publish again"
        ) from error


def collect_receipt(
    warehouse_path: Path,
    *,
    municipality_id: str,
    min_group_size: int,
    code_version: str,
    law_fingerprint: str,
    input_fingerprint: str,
    published_at: datetime,
) -> Receipt:
    """The receipt of the figures that ``warehouse_path`` holds, counted from its core tables."""
    with connect(warehouse_path) as connection:
        deliveries = connection.execute(
            "select system_id, delivery_id, max(contract_version),"
            " list(distinct sha256 order by sha256), sum(rows_in_file), sum(rows_loaded),"
            " sum(rows_rejected), sum(exact_duplicates)"
            " from core.deliveries group by all order by all"
        ).fetchall()
        events, rejected = connection.execute(
            "select (select count(*) from core.events), (select count(*) from core.rejected_events)"
        ).fetchall()[0]
        regimes = connection.execute(
            "select distinct regime_id from core.cases where regime_id is not null order by all"
        ).fetchall()
    rows_in, loaded, rows_rejected, duplicates = (
        sum(int(row[column] or 0) for row in deliveries) for column in range(4, 8)
    )
    return Receipt(
        municipality_id=municipality_id,
        deliveries=tuple(
            DeliveryReceipt(
                system_id=row[0],
                delivery_id=row[1],
                contract_version=str(row[2]),
                sha256s=tuple(row[3]),
            )
            for row in deliveries
        ),
        rows_in=rows_in,
        rows_loaded=loaded,
        rows_rejected=rows_rejected,
        exact_duplicates=duplicates,
        staged_rows=events + rejected,
        events=events,
        rejected_events=rejected,
        regimes=tuple(row[0] for row in regimes),
        law_fingerprint=law_fingerprint,
        code_version=code_version,
        min_group_size=min_group_size,
        input_fingerprint=input_fingerprint,
        published_at=published_at,
    )


def fingerprint_paths(paths: Mapping[str, Path]) -> str:
    """SHA-256 (64 hex) over files and folders: their content and names, not their place or age.

    Args:
        paths: per label a file or folder; a file is known by label and its name relative to it.

    Raises:
        PipelineError: a path does not exist.
    """
    digest = hashlib.sha256()
    for label in sorted(paths):
        for name, file in _files(label, paths[label]):
            digest.update(f"{label}\0{name}\0{file.stat().st_size}\0".encode())
            with file.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
    return digest.hexdigest()


def input_fingerprint(
    deliveries: Iterable[DeliveryReceipt],
    paths: Mapping[str, Path],
    settings: Mapping[str, str | int | float],
) -> str:
    """SHA-256 (64 hex) of everything published figures depend on.

    Args:
        deliveries: what was delivered; their order does not matter.
        paths: label to file or folder: seeds, dbt models and macros, expectations, contracts, the
            package's own source.
        settings: the settings that change figures (minimum group, noise threshold, …).
    """
    digest = hashlib.sha256(fingerprint_paths(paths).encode())
    for line in sorted(delivery.model_dump_json() for delivery in deliveries):
        digest.update(f"delivery\0{line}\0".encode())
    for name in sorted(settings):
        digest.update(f"setting\0{name}\0{settings[name]!r}\0".encode())
    return digest.hexdigest()


def _files(label: str, path: Path) -> Sequence[tuple[str, Path]]:
    if path.is_file():
        return [(path.name, path)]
    if not path.is_dir():
        raise PipelineError(f"{path}: expected a file or folder ({label}), found none")
    found = [
        (file.relative_to(path).as_posix(), file)
        for file in path.rglob("*")
        if file.is_file()
        and not _IGNORED.intersection(file.relative_to(path).parts)
        and file.suffix != ".pyc"
    ]
    return sorted(found)
