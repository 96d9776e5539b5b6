"""One case system's export: its contract becomes lake assets, each with two blocking checks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from pm_pipeline.components.freshness import known_contracts, replaced_systems
from pm_pipeline.components.partitions import municipalities, municipality_check
from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.contract.versions import SystemContract, load_system
from pm_pipeline.ingest.lake.files import (
    changes_path,
    ensure_empty_tables,
    loaded_state,
    table_path,
)
from pm_pipeline.ingest.landing.deliveries import list_deliveries
from pm_pipeline.ingest.loading.all_deliveries import Refused, load_deliveries
from pm_pipeline.ingest.loading.checks import count_identifiers
from pm_pipeline.ingest.loading.history import volume_findings
from pm_pipeline.ingest.loading.load import load_fingerprint
from pm_pipeline.ingest.loading.reports import FileReport, LoadReport
from pm_pipeline.ingest.rejects.reasons import Refusal
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import get_settings


class _Attributes(BaseModel):
    """Anything: the contract is read again, strictly, by its own loader (`ingest/contract`)."""

    model_config = ConfigDict(extra="allow")


class CaseSystemExport(dg.Component):
    """A case system, described by the contract in its `defs.yaml`."""

    def __init__(self, contract: SystemContract) -> None:
        self.contract = contract

    @classmethod
    def get_model_cls(cls) -> type[BaseModel]:
        return _Attributes

    @classmethod
    def load(cls, attributes: Any, context: dg.ComponentLoadContext) -> "CaseSystemExport":
        return cls(load_system(context.path))

    @classmethod
    def of_field(cls, contracts_dir: Path) -> list[dg.Definitions]:
        """The definitions of every contract in another field's folder."""
        return [
            cls(load_system(path.parent)).build_defs(None)
            for path in sorted(contracts_dir.glob("*/defs.yaml"))
        ]

    def build_defs(self, context: dg.ComponentLoadContext | None) -> dg.Definitions:
        """Lake assets and checks; nothing when the field has replaced or does not use the system."""
        settings = get_settings()
        registry = load_checked_registry(settings.seeds_dir)
        in_use = {system.system_id for system in registry.systems}
        contract = self.contract
        is_replaced = context is not None and contract.system in replaced_systems(settings)
        if contract.system not in in_use or is_replaced:
            return dg.Definitions()
        landing = dg.AssetSpec(
            ["landing", contract.system],
            group_name="landing",
            kinds={"file"},
            owners=["team:data"],
            partitions_def=municipalities(),
            description=f"Deliveries of {contract.system} as they came. {contract.latest.description}",
            metadata={"certainty of the contract": contract.latest.certainty},
        )
        return dg.Definitions(assets=[landing, _lake_assets(contract)])


def _lake_key(contract: SystemContract, table: Table) -> dg.AssetKey:
    return dg.AssetKey(["lake", f"{contract.system}_{table.name}"])


def _lake_assets(contract: SystemContract) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=f"ingest_{contract.system}",
        specs=[
            dg.AssetSpec(
                _lake_key(contract, table),
                group_name="lake",
                kinds={"python", "parquet"},
                owners=["team:data"],
                description=table.description,
                code_version=load_fingerprint(contract).decode(),
                deps=[dg.AssetKey(["landing", contract.system])],
            )
            for table in contract.tables
        ],
        check_specs=[
            spec for table in contract.tables for spec in _check_specs(_lake_key(contract, table))
        ],
        partitions_def=municipalities(),
    )
    def ingest(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        settings = get_settings()
        municipality_id = context.partition_key
        lake_dir = settings.lake_dir(municipality_id)
        ensure_empty_tables(known_contracts(settings).values(), lake_dir)
        deliveries = list_deliveries(settings.landing_dir, municipality_id, contract.system)
        loads = load_deliveries(deliveries, contract, lake_dir, settings.key_dir)
        for gone in loads.forgotten:
            context.log.info(f"{gone}: no longer in landing, removed from the lake")
        for refused in loads.refused:
            if refused.is_quarantined:
                context.log.warning(f"{refused.delivery_id}: in quarantine: {refused.message}")
        if loads.failures:
            yield from _refusals(contract, loads.failures)
            raise PipelineError("\n".join(refused.message for refused in loads.failures))
        reports = loads.reports
        for report in reports:
            context.log.info(
                f"{report.delivery_id}: {report.rows_in_file} rows in, {report.rows_loaded} loaded, "
                f"{report.rows_rejected} rejected"
                + (" (was loaded already)" if report.already_loaded else "")
            )
        for table in contract.tables:
            yield from _results(contract, table, reports, lake_dir)

    return ingest


def _check_specs(key: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return [
        municipality_check(
            "fits_its_contract",
            asset=key,
            blocking=True,
            description=(
                "Rows in the file = loaded + rejected + exact duplicates, and no more rejects than "
                "the contract allows."
            ),
        ),
        municipality_check(
            "holds_no_identifier",
            asset=key,
            blocking=True,
            description="No text column holds anything like a CPR number.",
        ),
        municipality_check(
            "volume_as_before",
            asset=key,
            blocking=False,
            description=(
                "The newest delivery has at least half the rows of those before it, and no column "
                "lost all its values: a file cut at the end of a line is whole to every reader."
            ),
        ),
    ]


def _refusals(
    contract: SystemContract, refusals: list[Refused]
) -> Iterator[dg.AssetCheckResult]:
    """The failed checks of refused deliveries; what was loaded before still serves."""
    told = "\n".join(refused.message for refused in refusals)
    is_personal = any(refused.code is Refusal.PERSONAL_DATA for refused in refusals)
    for table in contract.tables:
        yield dg.AssetCheckResult(
            asset_key=_lake_key(contract, table),
            check_name="holds_no_identifier" if is_personal else "fits_its_contract",
            passed=False,
            metadata={"refused": told},
        )


def _results(
    contract: SystemContract, table: Table, reports: list[LoadReport], lake_dir: Path
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    key = _lake_key(contract, table)
    files = [
        (report, file) for report in reports for file in report.files if file.table == table.name
    ]
    n_in, n_loaded, n_rejected, n_duplicates = (
        sum(getattr(file, name) for _, file in files)
        for name in ("rows_in_file", "rows_loaded", "rows_rejected", "exact_duplicates")
    )
    yield dg.MaterializeResult(
        asset_key=key,
        data_version=dg.DataVersion(loaded_state(lake_dir, contract.system).decode()[:32]),
        metadata={
            "dagster/partition_row_count": n_loaded,
            "dagster/column_schema": dg.TableSchema(columns=[
                dg.TableColumn(field.name, str(field.type))
                for field in contract.lake_schema(table.name)
            ]),
            "rows in": n_in,
            "rows rejected": n_rejected,
            "exact duplicates": n_duplicates,
            "unlisted columns left behind": max(
                (file.unlisted_columns for _, file in files), default=0
            ),
            "optional columns not delivered": ", ".join(sorted({
                file.absent_columns for _, file in files if file.absent_columns
            })) or "none",
            "values cleaned of odd signs": sum(file.values_cleaned for _, file in files),
            "contract": ", ".join(sorted({
                f"{contract.system} {report.contract_version} ({report.contract_certainty})"
                for report, _ in files
            })) or f"{contract.system} {contract.latest.version} ({contract.latest.certainty})",
            "deliveries": dg.MetadataValue.md(_delivery_table(files)),
            "changed since the delivery before": dg.MetadataValue.md(
                _change_table(lake_dir, contract.system, table)
            ),
        },
    )
    # The files themselves are looked at, whenever they were loaded; a delivery that breaks its
    # contract at the door does not get here, see _refusals.
    paths = [
        table_path(lake_dir, contract.system, table.name, delivery_id)
        for delivery_id in sorted({report.delivery_id for report, _ in files})
    ]
    n_found = sum(pq.read_metadata(path).num_rows for path in paths)
    yield dg.AssetCheckResult(
        asset_key=key,
        check_name="fits_its_contract",
        passed=n_found == n_loaded and all(file.is_conserved for _, file in files),
        metadata={
            "rows in": n_in,
            "rows found in the lake": n_found,
            "rejected percent": round(100 * n_rejected / n_in, 2) if n_in else 0.0,
            "allowed percent": table.max_rejected_percent,
            "rejects by reason": dg.MetadataValue.md(_reject_table(files)),
        },
    )
    unusual = volume_findings(lake_dir, contract.system, table)
    yield dg.AssetCheckResult(
        asset_key=key,
        check_name="volume_as_before",
        passed=not unusual,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"found": "; ".join(unusual) or "as before"},
    )
    surviving = sorted({name for path in paths for name in count_identifiers(path, table)})
    yield dg.AssetCheckResult(
        asset_key=key,
        check_name="holds_no_identifier",
        passed=not surviving,
        metadata={
            "columns with identifiers": ", ".join(surviving) or "none",
            "identifiers rejected at the door": sum(
                count
                for report in reports
                for column, count in report.identifiers_found.items()
                if column.startswith(f"{table.name}.")
            ),
        },
    )


def _delivery_table(files: list[tuple[LoadReport, FileReport]]) -> str:
    if not files:
        return "This municipality has delivered no such file."
    lines = ["| delivery | file | rows in | loaded | rejected | duplicates | sha256 |"]
    lines.append("|---|---|---|---|---|---|---|")
    lines += [
        f"| {report.delivery_id} | {file.source_file} | {file.rows_in_file} | {file.rows_loaded} | "
        f"{file.rows_rejected} | {file.exact_duplicates} | {file.sha256[:12]} |"
        for report, file in files
    ]
    return "\n".join(lines)


def _change_table(lake_dir: Path, system: str, table: Table) -> str:
    """Rows inserted, changed, deleted and returned by each delivery that had one before it."""
    path = changes_path(lake_dir, system)
    told = [
        row for row in (pq.read_table(path).to_pylist() if path.exists() else [])
        if row["table_name"] == table.name and row["is_total"] and row["column_name"] is None
        and row["compared_with"] is not None
    ]
    if not told:
        return "There is no earlier delivery to compare with."
    kinds = ("inserted", "changed", "deleted", "returned", "unchanged")
    lines = ["| delivery | " + " | ".join(kinds) + " |", "|---" * (len(kinds) + 1) + "|"]
    for delivery_id in dict.fromkeys(row["delivery_id"] for row in told):
        counts = {row["change"]: row["n_rows"] for row in told if row["delivery_id"] == delivery_id}
        lines.append(
            f"| {delivery_id} | " + " | ".join(str(counts.get(kind, 0)) for kind in kinds) + " |"
        )
    return "\n".join(lines)


def _reject_table(files: list[tuple[LoadReport, FileReport]]) -> str:
    rejects = [(file, reject) for _, file in files for reject in file.rejects]
    if not rejects:
        return "Nothing was rejected."
    lines = ["| file | column | reason | count |", "|---|---|---|---|"]
    lines += [
        f"| {file.source_file} | {reject.column or 'whole row'} | {reject.reason} | {reject.count} |"
        for file, reject in rejects
    ]
    return "\n".join(lines)
