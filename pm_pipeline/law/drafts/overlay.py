"""The law as it would be with a draft: a seeds folder of its own, with the draft's rows laid over."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pm_pipeline.law.drafts.reading import Draft
from pm_pipeline.law.drafts.sheet import Sheet, having, read_sheet
from pm_pipeline.registry import ChangeStatus, Finding, LegalChange, Regime, load_registry


@dataclass(frozen=True)
class Overlay:
    """A seeds folder made of the seeds and a draft.

    ``origins``: (file, data row) in that folder → (file, row, line) in the draft.
    """

    seeds_dir: Path
    origins: Mapping[tuple[str, int], tuple[str, int, int]]

    def told(self, finding: Finding) -> Finding:
        """The finding, with the place where its row is to be mended: the draft, or the seed."""
        origin = self.origins.get((finding.file, finding.row or 0))
        if origin is None:
            return finding
        file, row, line = origin
        return replace(finding, file=file, row=row, line=line)


def overlay(seeds_dir: Path, draft: Draft, into: Path, *, as_law: bool = True) -> Overlay:
    """Write ``seeds_dir`` with the draft laid over it to the new folder ``into``.

    A row whose key is in the seeds stands in its place, any other is added last; what no row touches
    keeps its bytes. A regime of the draft that begins inside an open one closes it. With ``as_law``
    the change counts as in force: that is for trying it, in a folder that nobody else reads.

    Raises:
        PipelineError: the seeds themselves have faults of form.
    """
    load_registry(seeds_dir)  # what is edited below has been read by the strict reader
    shutil.copytree(seeds_dir, into)
    origins: dict[tuple[str, int], tuple[str, int, int]] = {}
    for model, rows in draft.rows.items():
        if not rows:
            continue
        written = read_sheet(draft.folder / model.file).rows
        sheet = read_sheet(into / model.file)
        added = [row for row in written if sheet.put(row, model.key)]
        if model is Regime:
            close_open_regimes(sheet, added)
        keys = [tuple(one[name] for name in model.key) for one in sheet.rows]
        for row, cells in zip(rows, written, strict=True):
            place = keys.index(tuple(cells[name] for name in model.key)) + 1
            origins[model.file, place] = (draft.told(model.file), row.row, row.line)
        sheet.write(into / model.file)
    if as_law:
        _treat_as_law(into, draft.change_id)
    return Overlay(into, origins)


def close_open_regimes(sheet: Sheet, added: Iterable[Mapping[str, str]]) -> None:
    """Let the open regime of a process end on the day on which an added one begins."""
    for new in sorted(added, key=lambda row: row["valid_from"]):
        process, day = new["process_id"], new["valid_from"]

        running = [
            row["regime_id"] for row in sheet.rows
            if row["process_id"] == process and not row["valid_to"] and row["valid_from"] < day
        ]
        for regime_id in running:
            sheet.edit(having({"regime_id": regime_id}), {"valid_to": day})


def _treat_as_law(seeds_dir: Path, change_id: str) -> None:
    path = seeds_dir / LegalChange.file
    sheet = read_sheet(path)
    law = (ChangeStatus.IN_FORCE.value, ChangeStatus.ENDED.value)
    sheet.edit(
        lambda row: row["change_id"] == change_id and row["status"] not in law,
        {"status": ChangeStatus.IN_FORCE.value},
    )
    sheet.write(path)
