"""What every published table and column means, for people who only have the published files.

The texts of the marts live in ``dbt_project/models/marts/_marts.yml``; those of the few tables that
describe the publication itself are here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish.disclosure import MASK_FLAG
from pm_pipeline.publish.policy import PUBLISHED_TABLES


@dataclass(frozen=True)
class Description:
    """One table (``column_name`` None) or column, in English and Danish, with its unit."""

    table_name: str
    column_name: str | None
    unit: str | None
    description_en: str
    description_da: str


# table or column: English, Danish
_PUBLICATION_TABLES: dict[str, tuple[str, str, dict[str, tuple[str, str]]]] = {
    "publication": (
        "This publication: one row.",
        "Denne offentliggørelse: en række.",
        {
            "municipality_id": ("Code of the municipality.", "Kommunens kode."),
            "generation": ("Name of this publication.", "Offentliggørelsens navn."),
            "published_at": ("When it was made (UTC).", "Hvornår den blev lavet (UTC)."),
            "min_group_size": (
                "Fewest distinct citizens behind a row or figure.",
                "Færrest forskellige borgere bag en række eller et tal.",
            ),
            "code_version": ("Version of the pipeline.", "Version af pipelinen."),
            "law_fingerprint": (
                "Fingerprint of the law register it was made with.",
                "Fingeraftryk af det lovregister, den er lavet med.",
            ),
            "input_fingerprint": (
                "Fingerprint of everything the figures depend on.",
                "Fingeraftryk af alt, hvad tallene afhænger af.",
            ),
            "deliveries": ("Deliveries behind it.", "Leverancerne bag den."),
            "rows_in": ("Rows in the delivered files.", "Rækker i de leverede filer."),
            "rows_loaded": ("Rows that could be read.", "Rækker, der kunne læses."),
            "rows_rejected": ("Rows that could not be read.", "Rækker, der ikke kunne læses."),
            "exact_duplicates": (
                "Rows delivered twice in one file, counted once.",
                "Rækker leveret to gange i en fil, talt med en gang.",
            ),
            "events": ("Rows that became events.", "Rækker, der blev til hændelser."),
            "rejected_events": (
                "Read rows that did not become events (each with its reason).",
                "Læste rækker, der ikke blev hændelser (hver med sin grund).",
            ),
        },
    ),
    "suppression": (
        "What was left out, one row per table.",
        "Hvad der er udeladt, en række pr. tabel.",
        {
            "table_name": ("Published table.", "Offentliggjort tabel."),
            "rows_published": ("Rows in the table.", "Rækker i tabellen."),
            "rows_removed": (
                "Rows about fewer citizens than min_group_size.",
                "Rækker om færre borgere end min_group_size.",
            ),
            "rows_withheld": (
                "Rows of slices in withheld_slices.",
                "Rækker i udsnit, der står i withheld_slices.",
            ),
            "cells_masked": (
                "Figures blanked because they describe too few.",
                "Tal, der er blanket ud, fordi de beskriver for få.",
            ),
        },
    ),
    "withheld_slices": (
        "Slices that are not published because critical quality rules failed; one row per slice "
        "and rule. A row without a process: the whole delivery failed, and nothing that rests on "
        "it is published.",
        "Udsnit, der ikke offentliggøres, fordi kritiske kvalitetsregler fejlede; en række pr. "
        "udsnit og regel. En række uden proces: hele leverancen fejlede, og intet, der bygger på "
        "den, offentliggøres.",
        {
            "municipality_id": ("Code of the municipality.", "Kommunens kode."),
            "process_id": (
                "Process; empty for the whole delivery.", "Proces; tom for hele leverancen.",
            ),
            "regime_id": (
                "The law in force for the cases; empty before the first recorded law.",
                "Den lov, der gælder for sagerne; tom før den første registrerede lov.",
            ),
            "judged": (
                "What the rule judged: the slice, or the whole delivery it came with.",
                "Hvad reglen bedømte: udsnittet (slice) eller hele leverancen (delivery).",
            ),
            "dataset": ("The facts that were judged.", "De fakta, der blev bedømt."),
            "rule_id": ("The critical rule that failed.", "Den kritiske regel, der fejlede."),
            "title_da": ("The rule in Danish.", "Reglen på dansk."),
            "title_en": ("The rule in English.", "Reglen på engelsk."),
            "outcome": (
                "FAIL, or ERROR (the rule itself broke: nothing is known of the data).",
                "FAIL eller ERROR (reglen selv fejlede: intet vides om data).",
            ),
            "n_checked": (
                "Rows or codes the rule looked at; blank where they are of too few citizens.",
                "Rækker eller koder, reglen så på; blank, hvor de er om for få borgere.",
            ),
            "n_failed": (
                "Rows or codes that broke the rule; blank where they or the rest are of too few.",
                "Rækker eller koder, der brød reglen; blank, hvor de eller resten er om for få.",
            ),
            "percent_failed": (
                "Share of failures in all that was judged; blank where n_failed is.",
                "Andel af brud i alt det bedømte; blank, hvor n_failed er det.",
            ),
            "threshold": ("What the rule allows.", "Hvad reglen tillader."),
        },
    ),
    "documentation": (
        "What every table and column means.",
        "Hvad hver tabel og kolonne betyder.",
        {
            "table_name": ("Table.", "Tabel."),
            "column_name": ("Column; empty for the table.", "Kolonne; tom for tabellen."),
            "unit": ("Unit of the figure.", "Tallets enhed."),
            "description_en": ("Meaning, in English.", "Betydning, på engelsk."),
            "description_da": ("Meaning, in Danish.", "Betydning, på dansk."),
        },
    ),
}

PUBLICATION_TABLES = {name: tuple(columns) for name, (_, _, columns) in _PUBLICATION_TABLES.items()}

_MASK_TEXT = (
    "A figure of the row is blank because it describes too few citizens.",
    "Et tal i rækken er blankt, fordi det beskriver for få borgere.",
)


def read_documentation(marts_yaml: Path) -> tuple[Description, ...]:
    """Descriptions of every published table and column, tables in the order of the allow-list.

    Args:
        marts_yaml: the dbt properties of the marts.

    Raises:
        PipelineError: the file is missing, or a published table or column lacks a text.
    """
    models = _models(marts_yaml)
    found: list[Description] = []
    for table in PUBLISHED_TABLES.values():
        model = models.get(table.name, {})
        found.append(_description(marts_yaml, table.name, None, model))
        columns = {str(column.get("name")): column for column in model.get("columns", ())}
        for name in table.columns:
            found.append(_description(marts_yaml, table.name, name, columns.get(name, {})))
        found.append(Description(table.name, MASK_FLAG, None, *_MASK_TEXT))
    for name, (english, danish, texts) in _PUBLICATION_TABLES.items():
        found.append(Description(name, None, None, english, danish))
        found.extend(Description(name, column, None, *text) for column, text in texts.items())
    return tuple(found)


def _models(marts_yaml: Path) -> dict[str, dict[str, Any]]:
    try:
        # The parser in C, where the wheel has it: a tenth of the time.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content = yaml.load(marts_yaml.read_text("utf-8"), Loader=loader)
    except FileNotFoundError as error:
        raise PipelineError(f"{marts_yaml}: the descriptions of the marts are missing") from error
    except yaml.YAMLError as error:
        raise PipelineError(f"{marts_yaml}: not valid YAML: {error}") from error
    return {str(model["name"]): model for model in (content or {}).get("models", ())}


def _description(
    source: Path, table: str, column: str | None, entry: dict[str, Any]
) -> Description:
    meta = (entry.get("config") or {}).get("meta") or {}
    english, danish = entry.get("description"), meta.get("description_da")
    if not english or not danish:
        where = f"column {column} of {table}" if column else f"table {table}"
        raise PipelineError(
            f"{source}: {where} is published but lacks "
            f"{'`description`' if not english else '`config.meta.description_da`'}; write one"
        )
    return Description(table, column, meta.get("unit"), str(english).strip(), str(danish).strip())
