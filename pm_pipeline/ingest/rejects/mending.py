"""What the sender of a delivery should mend: one sentence per code, in Danish and in English.

:mod:`pm_pipeline.ingest.rejects.advice` speaks to who runs this pipeline (who may edit a contract);
these sentences speak to who makes the export.
"""

from pm_pipeline.ingest.rejects.reasons import Reason, Refusal

#: Danish, English.
Words = tuple[str, str]

_AGREED_FORM: Words = (
    "Skriv værdien i den aftalte form i udtrækket, eller aftal en ny form med modtageren.",
    "Have the export write the value in the agreed form, or agree on another one with the receiver.",
)
_ONE_RECORD: Words = (
    "Ret udtrækket, så hver post er bygget, som formatet kræver.",
    "Mend the export so that each record is built as its format asks for.",
)
_REFERENCE: Words = (
    "Lever det, der henvises til, i samme fil; står det der, er det selv blevet afvist.",
    "Deliver what is referred to in the same file; if it is there, it was rejected itself.",
)
_WHOLE_FILE: Words = (
    "Dan filen igen, og lever den hel.",
    "Make the file again and deliver it whole.",
)
_AGREED_KIND: Words = (
    "Lever filen i det aftalte filformat.",
    "Deliver the file in the agreed file format.",
)
_AGREED_COLUMNS: Words = (
    "Lever de aftalte kolonner under de aftalte navne; varsl ændringer, før de leveres.",
    "Deliver the agreed columns under the agreed names; tell of a change before it is delivered.",
)
_AGREED_FILES: Words = (
    "Lever alle aftalte filer samlet og under de aftalte navne.",
    "Deliver all agreed files together, under the agreed names.",
)
_ASK: Words = (
    "Ingen fejl i leverancen: modtageren må se på det.",
    "No fault of the delivery: the receiver has to look at it.",
)

REASON_MENDING: dict[Reason, Words] = {
    Reason.FIELD_COUNT: (
        "Sæt tekst med skilletegn eller linjeskift i anførselstegn.",
        "Put text with delimiters or line breaks in quotes.",
    ),
    Reason.REPEATED_HEADER: (
        "Lever filerne hver for sig i stedet for at sætte dem sammen.",
        "Deliver the files one by one instead of putting them together.",
    ),
    Reason.BAD_QUOTE: (
        "Skriv et anførselstegn inde i en værdi to gange.",
        "Write a quote inside a value twice.",
    ),
    Reason.TOO_LONG: (
        "Der står fritekst i et felt til koder: ret udtrækket.",
        "Free text stands in a field for codes: mend the export.",
    ),
    Reason.DUPLICATE_KEY: (
        "Skriv hver attribut én gang pr. post.",
        "Write each attribute once per record.",
    ),
    Reason.BAD_RECORD: _ONE_RECORD,
    Reason.NESTED_VALUE: (
        "Skriv én værdi i feltet, eller aftal det indre felt med modtageren.",
        "Write one value in the field, or agree on the inner field with the receiver.",
    ),
    Reason.FORMULA_WITHOUT_VALUE: (
        "Beregn og gem arket, før det leveres, eller lever værdier.",
        "Calculate and save the sheet before it is delivered, or deliver values.",
    ),
    Reason.CELL_ERROR: (
        "Ret formlen i arket, eller lever værdier.",
        "Mend the formula in the sheet, or deliver values.",
    ),
    Reason.DUPLICATE_ID: (
        "Giv hver post sit eget id; ingen af de ens er valgt.",
        "Give each record an id of its own; none of the equal ones was chosen.",
    ),
    Reason.UNDECLARED_TYPE: (
        "Erklær hver type med alle dens attributter i loggen.",
        "Declare every type with all of its attributes in the log.",
    ),
    Reason.UNKNOWN_EVENT: _REFERENCE,
    Reason.UNKNOWN_OBJECT: _REFERENCE,
    Reason.MISSING_VALUE: (
        "Udfyld feltet i kilden; mangler det kun i udtrækket, så ret udtrækket.",
        "Fill the field in at the source; if only the export lacks it, mend the export.",
    ),
    Reason.DATE_FORMAT: (
        "Skriv datoen i den aftalte form, med fire cifre i årstallet og en dag, der findes.",
        "Write the date in the agreed form, with a year of four digits and a day that exists.",
    ),
    Reason.DATE_RANGE: (
        "Lad en ukendt dato stå tom; aftal et ord for »ingen slutdato«.",
        "Leave an unknown date empty; agree on a word for \"no end\".",
    ),
    Reason.TIME_FORMAT: (
        "Skriv klokkeslættet som TT:MM eller TT:MM:SS.",
        "Write the time of day as HH:MM or HH:MM:SS.",
    ),
    Reason.NUMBER_FORMAT: (
        "Skriv tallet uden tusindtalsskilletegn og med det aftalte decimaltegn.",
        "Write the number without thousands separators and with the agreed decimal mark.",
    ),
    Reason.BOOLEAN_FORMAT: _AGREED_FORM,
    Reason.UNKNOWN_CODE: (
        "Send den gældende kodeliste, hvis koden er ny; ellers ret den i kilden.",
        "Send the code list that holds now if the code is new; else correct it at the source.",
    ),
    Reason.PATTERN: _AGREED_FORM,
    Reason.CPR_FORMAT: (
        "Ret nummeret i kilden: det skal have ti cifre.",
        "Correct the number at the source: it must have ten digits.",
    ),
    Reason.CPR_LOST_ZERO: (
        "Lever kolonnen som tekst, så et foranstillet nul bliver stående.",
        "Deliver the column as text, so that a leading zero stays.",
    ),
    Reason.PERSONAL_DATA: (
        "Feltet må ikke indeholde personoplysninger: ret det i kilden.",
        "The field may not hold personal data: correct it at the source.",
    ),
}

REFUSAL_MENDING: dict[Refusal, Words] = {
    Refusal.EMPTY: (
        "Se, om udtrækket løb færdigt, og lever det igen.",
        "See whether the export ran to its end, and deliver it again.",
    ),
    Refusal.WRONG_TYPE: _AGREED_KIND,
    Refusal.NOT_CSV: _AGREED_KIND,
    Refusal.NOT_XES: _AGREED_KIND,
    Refusal.NOT_JSON: _AGREED_KIND,
    Refusal.NOT_OCEL: _AGREED_KIND,
    Refusal.XML_UNSAFE: (
        "Lever XML uden DOCTYPE.",
        "Deliver XML without a DOCTYPE.",
    ),
    Refusal.ENCODING: (
        "Lever filen i det aftalte tegnsæt.",
        "Deliver the file in the agreed encoding.",
    ),
    Refusal.NUL_BYTE: _WHOLE_FILE,
    Refusal.BAD_HEADER: (
        "Ret anførselstegnene i overskriften.",
        "Mend the quotes in the header line.",
    ),
    Refusal.HEADER_MISMATCH: _AGREED_COLUMNS,
    Refusal.DUPLICATE_COLUMN: (
        "Lever hver kolonne én gang.",
        "Deliver each column once.",
    ),
    Refusal.FORBIDDEN_COLUMN: (
        "Udelad kolonnen: den må ikke leveres.",
        "Leave the column out: it may not be delivered.",
    ),
    Refusal.UNTERMINATED_QUOTE: (
        "Luk anførselstegnet; et anførselstegn inde i en værdi skrives to gange.",
        "Close the quote; a quote inside a value is written twice.",
    ),
    Refusal.MERGED_CELLS: (
        "Ophæv fletningen, og skriv værdien i hver celle.",
        "Unmerge the cells and write the value in each of them.",
    ),
    Refusal.TRUNCATED: _WHOLE_FILE,
    Refusal.COUNT_MISMATCH: (
        "Hent alle sider igen: antallet skal passe med det, siderne oplyser.",
        "Fetch all pages again: their number of records must be the stated one.",
    ),
    Refusal.FOOTER: (
        "Fjern bundlinjen, eller aftal den med modtageren.",
        "Leave the footer line out, or agree on it with the receiver.",
    ),
    Refusal.TOO_LARGE: (
        "Del filen op, eller aftal en anden grænse.",
        "Split the file, or agree on another limit.",
    ),
    Refusal.UNREADABLE: _WHOLE_FILE,
    Refusal.PATH: (
        "Lever almindelige filer uden genveje og med almindelige navne.",
        "Deliver regular files without links, under plain names.",
    ),
    Refusal.UNKNOWN_FILE: _AGREED_FILES,
    Refusal.MISSING_TABLE: _AGREED_FILES,
    Refusal.CONTROL_FILE: (
        "Dan kontrolfilen i den aftalte form sammen med filerne.",
        "Make the control file in the agreed form together with the files.",
    ),
    Refusal.CHANGED: (
        "Læg filen på plads, når den er færdig, og lad den være.",
        "Put the file in place when it is done, and leave it alone.",
    ),
    Refusal.TOO_MANY_REJECTS: (
        "Ret de hyppigste fejl i udtrækket, og lever igen.",
        "Mend the most frequent faults of the export and deliver again.",
    ),
    Refusal.TOO_MANY_REMOVED: (
        "Se, om udtrækket mangler en periode eller en enhed; bekræft det ellers over for modtageren.",
        "See whether the export lacks a period or a unit; otherwise confirm it to the receiver.",
    ),
    Refusal.COLUMN_UNREADABLE: _AGREED_FORM,
    Refusal.NOT_CONSERVED: _ASK,
    Refusal.PERSONAL_DATA: (
        "Fjern personoplysningen, og lever igen; den første leverance skal slettes.",
        "Take the personal data out and deliver again; the first delivery must be erased.",
    ),
    Refusal.BUSY: _ASK,
}

#: Acts that became no event, by the reason in ``core.rejected_events``: what is wrong, what to mend.
EVENT_FAULTS: dict[str, tuple[Words, Words]] = {
    "no_citizen": (
        ("rækken siger ikke, hvilken borger den handler om",
         "the row does not say which citizen it is about"),
        ("Udfyld borgeren i kilden, eller tag nøglen med i udtrækket.",
         "Fill the citizen in at the source, or take the key along in the export."),
    ),
    "no_time": (
        ("rækken siger ikke, hvornår det skete", "the row does not say when it happened"),
        ("Udfyld tidspunktet i kilden; et tidspunkt i forkert form står også som afvist værdi.",
         "Fill the time in at the source; a time in a wrong form is also told as a rejected value."),
    ),
    "no_code": (
        ("rækken siger ikke, hvad der skete", "the row does not say what happened"),
        ("Udfyld koden for aktiviteten i kilden.", "Fill in the code of the activity at the source."),
    ),
    "unmapped_code": (
        ("koden er ukendt for modtageren", "the receiver does not know the code"),
        ("Send kodens betydning og dens første dag; varsl nye koder, før de tages i brug.",
         "Send what the code means and its first day; tell of new codes before they are used."),
    ),
    "ends_before_it_starts": (
        ("perioden slutter, før den begynder", "the period ends before it begins"),
        ("Ret start- eller slutdatoen i kilden.", "Correct the start or the end at the source."),
    ),
}
