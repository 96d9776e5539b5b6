"""What a cell of a seed may hold, and what every row is: frozen, its columns are its fields."""

import re
from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pm_pipeline.registry.vocabulary import ResponsibleParty, RuleKind


def _listed(cell: object) -> object:
    """A cell with a list, ``a|b``; an empty cell is an empty list."""
    if cell is None:
        return ()
    return tuple(cell.split("|")) if isinstance(cell, str) else cell


def _iso_date(cell: object) -> object:
    # Pydantic alone would take 1704067200 for a date as well.
    if isinstance(cell, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        raise ValueError("a date as yyyy-mm-dd")
    return cell


def _whole(cell: object) -> object:
    if isinstance(cell, str) and not re.fullmatch(r"-?\d+", cell):
        raise ValueError("a whole number")
    return cell


def _truth(cell: object) -> object:
    if isinstance(cell, str) and cell not in ("true", "false"):
        raise ValueError("true or false")
    return cell == "true" if isinstance(cell, str) else cell


Id = Annotated[str, Field(pattern=r"^[^|]+$")]
IdList = Annotated[tuple[Id, ...], BeforeValidator(_listed)]
RuleKinds = Annotated[tuple[RuleKind, ...], BeforeValidator(_listed)]
Parties = Annotated[tuple[ResponsibleParty, ...], BeforeValidator(_listed)]
Day = Annotated[date, BeforeValidator(_iso_date)]
Whole = Annotated[int, BeforeValidator(_whole)]
Truth = Annotated[bool, BeforeValidator(_truth)]


class SeedRow(BaseModel):
    """A row of a seed and where it stands: data row ``row`` (from 1), file line ``line``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: ClassVar[str]
    key: ClassVar[tuple[str, ...]]

    row: int
    line: int

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        return tuple(name for name in cls.model_fields if name not in ("row", "line"))
