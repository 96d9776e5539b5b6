"""Read one contract file and check it: its form by the model, its sense by the rules."""

from pathlib import Path

from pydantic import ValidationError

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.column_rules import column_faults
from pm_pipeline.ingest.contract.faults import explain_faults
from pm_pipeline.ingest.contract.model import COMPONENT_TYPE, Contract
from pm_pipeline.ingest.contract.table_rules import table_faults
from pm_pipeline.strict_yaml import Document, load_strict_yaml


def load_contract(path: Path) -> Contract:
    """Read and check one contract.

    Raises PipelineError listing every fault with file, line, field, what was expected and found.
    """
    document = load_strict_yaml(path)
    top = document.value
    if not isinstance(top, dict) or set(top) != {"type", "attributes"}:
        raise PipelineError(f"{path}: expected exactly the two keys 'type' and 'attributes'.")
    if top["type"] != COMPONENT_TYPE:
        line = document.line_of(("type",))
        raise PipelineError(f"{path}, line {line}: type: expected {COMPONENT_TYPE}.")
    try:
        contract = Contract.model_validate(top["attributes"])
    except ValidationError as error:
        raise PipelineError(explain_faults(document, error)) from None
    faults = _senseless(contract, document)
    if faults:
        raise PipelineError("\n".join(faults))
    return contract


def _senseless(contract: Contract, document: Document) -> list[str]:
    """One line per fault of a contract whose form is sound."""
    found: list[tuple[tuple[str, ...], str]] = []
    for table in contract.tables:
        at = ("tables", table.name)
        of_columns = [
            ((*at, "columns", column.name), fault)
            for column in table.columns for fault in column_faults(column)
        ]
        # What a table says of its columns can be judged when they are sound.
        found += of_columns or [(at, fault) for fault in table_faults(table)]
    return [
        f"{document.path}, line {document.line_of(('attributes', *place))}: {'.'.join(place)}: {fault}"
        for place, fault in found
    ]
