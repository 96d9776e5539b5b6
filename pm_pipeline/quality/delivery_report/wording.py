"""What the form of the files says, in words, and how much each kind of finding weighs."""

from collections.abc import Mapping

from pm_pipeline.quality.delivery_report.content import Weight, Words

#: By kind and code; None for every code of the kind.
WEIGHTS: Mapping[tuple[str, str | None], Weight] = {
    ("rejected_row", None): Weight.MUST,
    ("fault_of_act", None): Weight.MUST,
    ("rejected_value", None): Weight.SHOULD,
    ("pattern", None): Weight.SHOULD,
    ("code_pattern", None): Weight.SHOULD,
    ("file", None): Weight.KNOW,
    ("file", "missing_numbers"): Weight.SHOULD,
    ("file", "absent_columns"): Weight.SHOULD,
    ("change", None): Weight.KNOW,
}

FORM_WORDS: Mapping[tuple[str, str], tuple[Words, Words | None]] = {
    ("file", "exact_duplicates"): (
        ("den samme række står flere gange i filen", "the same row stands several times in the file"),
        ("Den er læst én gang. Se, om udtrækket samler rækker dobbelt.",
         "It was read once. See whether the export joins rows twice."),
    ),
    ("file", "missing_numbers"): (
        ("der er huller i de løbende numre: rækker mangler muligvis",
         "the running numbers have gaps: rows may be missing"),
        ("Bekræft, at rækkerne er slettet, eller lever dem.",
         "Confirm that the rows were deleted, or deliver them."),
    ),
    ("file", "values_cleaned"): (
        ("værdier havde skjulte tegn eller sære mellemrum, som er fjernet",
         "values had hidden signs or odd blanks, which were removed"),
        ("Rens tegnene i udtrækket.", "Clean the signs in the export."),
    ),
    ("file", "unlisted_columns"): (
        ("filen har kolonner, som ikke er aftalt; de er ikke læst",
         "the file has columns that were not agreed on; they were not read"),
        ("Udelad dem, eller aftal dem.", "Leave them out, or agree on them."),
    ),
    ("file", "absent_columns"): (
        ("filen mangler aftalte kolonner", "the file lacks agreed columns"),
        ("Tag kolonnerne med i udtrækket.", "Take the columns along in the export."),
    ),
    ("change", "restated"): (
        ("værdier fra tidligere leverancer er lavet om",
         "values of earlier deliveries were made otherwise"),
        None,
    ),
    ("change", "deleted"): (
        ("rækker fra tidligere leverancer er slettet eller mangler nu",
         "rows of earlier deliveries were deleted or are missing now"),
        ("Bekræft, at rækkerne er slettet i kilden.",
         "Confirm that the rows were deleted at the source."),
    ),
}
