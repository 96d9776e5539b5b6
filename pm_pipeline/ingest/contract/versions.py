"""Every version of every system's contract, and which one speaks for a delivery.

``<folder>/<system>/defs.yaml`` is one version; a vendor's new release is another file beside it
(``<folder>/<system>/<any name>.yaml``) with a later ``valid_from``. The old one stays: what was
delivered under it is read by it for ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import PROVENANCE, Contract, Table
from pm_pipeline.ingest.contract.reading import load_contract


@dataclass(frozen=True)
class SystemContract:
    """What is agreed with one case system: its versions, oldest first, at least one."""

    versions: tuple[Contract, ...]

    @property
    def latest(self) -> Contract:
        """The version that begins last; it speaks for the system where no delivery is meant."""
        return self.versions[-1]

    @property
    def system(self) -> str:
        return self.latest.system

    def at(self, delivered_on: date) -> Contract:
        """The version in force on a day; the first one for days before all of them."""
        begun = [one for one in self.versions if one.valid_from <= delivered_on]
        return begun[-1] if begun else self.versions[0]

    def others(self, delivered_on: date) -> tuple[Contract, ...]:
        """The versions not in force on a day, the nearest first."""
        chosen = self.at(delivered_on)
        rest = [one for one in self.versions if one is not chosen]
        return tuple(sorted(rest, key=lambda one: abs(one.valid_from - delivered_on)))

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table of any version, as its last version has it."""
        tables = {table.name: table for one in self.versions for table in one.tables}
        return tuple(tables.values())

    def lake_schema(self, table_name: str) -> pa.Schema:
        """The columns of a table over all versions; a column a version lacks is null there."""
        fields: dict[str, Any] = {}
        for one in self.versions:
            for table in one.tables:
                if table.name == table_name:
                    fields |= {f.name: f for f in table.lake_schema() if f.name not in PROVENANCE.names}
        return pa.schema([*fields.values(), *PROVENANCE])


def load_system(folder: Path) -> SystemContract:
    """All versions in one system's folder.

    Raises PipelineError for a contract with a fault, for versions of different systems, with the
    same version or valid_from, or that give a column another type than an earlier version does.
    """
    return _versions(sorted(folder.glob("*.yaml")), folder)


def load_contracts(dirs: Sequence[Path]) -> dict[str, SystemContract]:
    """Every contract (``<dir>/<system>/*.yaml`` or ``<dir>/<system>.yaml``) by system.

    A later folder overrides an earlier one. Raises PipelineError for a folder that is not there,
    a folder with no contract, or a system that stands in two places of the same folder.
    """
    contracts: dict[str, SystemContract] = {}
    for folder in dirs:
        places = [
            *([path] for path in sorted(folder.glob("*.yaml"))),
            *(sorted(path.parent.glob("*.yaml")) for path in sorted(folder.glob("*/defs.yaml"))),
        ]
        if not places:
            raise PipelineError(f"{folder}: no contract found; expected <system>/defs.yaml in it.")
        here: dict[str, Path] = {}
        for paths in places:
            contract = _versions(paths, folder)
            if contract.system in here:
                raise PipelineError(
                    f"{paths[0]}: system '{contract.system}' has another contract in the same folder "
                    f"({here[contract.system]}); keep one place. Versions of one system lie side by "
                    "side in its folder."
                )
            here[contract.system] = paths[0]
            contracts[contract.system] = contract
    return contracts


def _versions(paths: Sequence[Path], folder: Path) -> SystemContract:
    if not paths:
        raise PipelineError(f"{folder}: no contract found; expected defs.yaml in it.")
    loaded = [(path, load_contract(path)) for path in paths]
    loaded.sort(key=lambda item: item[1].valid_from)
    first_path, first = loaded[0]
    for (path, one), (earlier_path, earlier) in zip(loaded[1:], loaded, strict=False):
        if one.system != first.system:
            raise PipelineError(
                f"{path}: expected a version of '{first.system}' like {first_path}, found "
                f"'{one.system}'. A system has a folder of its own."
            )
        for name in ("version", "valid_from"):
            if getattr(one, name) == getattr(earlier, name):
                raise PipelineError(
                    f"{path}: {name}: {getattr(one, name)} is that of {earlier_path} as well; a new "
                    "version has a later valid_from and a name of its own."
                )
    _refuse_changed_types(loaded)
    return SystemContract(tuple(one for _, one in loaded))


def _refuse_changed_types(loaded: Iterable[tuple[Path, Contract]]) -> None:
    """All versions fill one table of the lake: a name that changes its type breaks every reader."""
    known: dict[tuple[str, str], tuple[pa.DataType, Path]] = {}
    for path, contract in loaded:
        for table in contract.tables:
            for field in table.lake_schema():
                type_, where = known.setdefault((table.name, field.name), (field.type, path))
                if type_ != field.type:
                    raise PipelineError(
                        f"{path}: tables.{table.name}.columns.{field.name}: the column is {field.type} "
                        f"here and {type_} in {where}. Give it another name in this version."
                    )
