"""What to do about a reject: one sentence per reason, for who reads the list of rejects."""

from pm_pipeline.ingest.rejects.reasons import Reason

ADVICE: dict[Reason, str] = {
    Reason.FIELD_COUNT: "Look at the line: a delimiter or a line break that is not in quotes.",
    Reason.REPEATED_HEADER: "Files were put together: deliver them one by one.",
    Reason.BAD_QUOTE: "A quote inside a value must be doubled by the export.",
    Reason.TOO_LONG: "Prose stands in a code: have the export fixed, or take the column as free_text.",
    Reason.DUPLICATE_KEY: "Two values under one name: have the export fixed, none of them was chosen.",
    Reason.BAD_RECORD: "Have the export write one JSON object per record.",
    Reason.NESTED_VALUE: "Name the inner field in the contract (header with a dot), if it is needed.",
    Reason.FORMULA_WITHOUT_VALUE: "Open the workbook, calculate and save it; or export values.",
    Reason.CELL_ERROR: "Mend the formula in the workbook, or export values.",
    Reason.DUPLICATE_ID: "None of them was chosen: have the export give each record an id of its own.",
    Reason.UNDECLARED_TYPE: "Have the export declare every type with all of its attributes.",
    Reason.UNKNOWN_EVENT: "Deliver the event in the same file; if it is there, it was itself rejected.",
    Reason.UNKNOWN_OBJECT: "Deliver the object in the same file; if it is there, it was rejected too.",
    Reason.MISSING_VALUE: "The source has no value: ask there, or let the contract say nullable.",
    Reason.DATE_FORMAT: "If the form is right, add it to 'formats' (two digits: two_digit_pivot).",
    Reason.DATE_RANGE: "If it means 'no end', name it in 'open_end'; else correct it at the source.",
    Reason.TIME_FORMAT: "Correct it at the source; 24:00 is read where 'midnight_as_24' says so.",
    Reason.NUMBER_FORMAT: "Look at 'decimal' of the table; thousands separators are never read.",
    Reason.BOOLEAN_FORMAT: "If the words are codes, take the column as type code with 'allowed'.",
    Reason.UNKNOWN_CODE: "If the code is right, add it to 'allowed' in the contract.",
    Reason.PATTERN: "If the form is right, widen 'pattern' in the contract.",
    Reason.CPR_FORMAT: "Correct the number at the source.",
    Reason.CPR_LOST_ZERO: "Export the column as text; or write 'pad_cpr: yes' if it is always so.",
    Reason.PERSONAL_DATA: "The column holds what it should not: correct it at the source.",
}

#: The same for acts that became no event, by the reason in core.rejected_events.
EVENT_ADVICE: dict[str, str] = {
    "unmapped_code": "Add the code to seeds/mapping/activity_mappings.csv (see core.unmapped_codes).",
    "no_time": "The row tells no time: look for its reject at the door, or ask the source.",
    "no_code": "The row tells no activity: ask the source.",
    "no_citizen": "The row tells no citizen: ask the source.",
}
