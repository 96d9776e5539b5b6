"""Why a row, a value or a whole file did not enter: two closed lists, and what each code says."""

from enum import StrEnum

from pm_pipeline.errors import PipelineError


class Reason(StrEnum):
    """Why one row or one value was rejected."""

    FIELD_COUNT = "FIELD_COUNT"
    REPEATED_HEADER = "REPEATED_HEADER"
    BAD_QUOTE = "BAD_QUOTE"
    TOO_LONG = "TOO_LONG"
    DUPLICATE_KEY = "DUPLICATE_KEY"
    BAD_RECORD = "BAD_RECORD"
    NESTED_VALUE = "NESTED_VALUE"
    FORMULA_WITHOUT_VALUE = "FORMULA_WITHOUT_VALUE"
    CELL_ERROR = "CELL_ERROR"
    DUPLICATE_ID = "DUPLICATE_ID"
    UNDECLARED_TYPE = "UNDECLARED_TYPE"
    UNKNOWN_EVENT = "UNKNOWN_EVENT"
    UNKNOWN_OBJECT = "UNKNOWN_OBJECT"
    MISSING_VALUE = "MISSING_VALUE"
    DATE_FORMAT = "DATE_FORMAT"
    DATE_RANGE = "DATE_RANGE"
    TIME_FORMAT = "TIME_FORMAT"
    NUMBER_FORMAT = "NUMBER_FORMAT"
    BOOLEAN_FORMAT = "BOOLEAN_FORMAT"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    PATTERN = "PATTERN"
    CPR_FORMAT = "CPR_FORMAT"
    CPR_LOST_ZERO = "CPR_LOST_ZERO"
    PERSONAL_DATA = "PERSONAL_DATA"


REASON_TEXTS: dict[Reason, tuple[str, str]] = {
    Reason.FIELD_COUNT: ("rækken har flere eller færre felter end overskriften",
                         "the row has more or fewer fields than the header"),
    Reason.REPEATED_HEADER: ("overskriften står igen midt i filen",
                             "the header line stands again inside the file"),
    Reason.BAD_QUOTE: ("der står tekst efter et afsluttende anførselstegn",
                       "text follows a closing quote"),
    Reason.TOO_LONG: ("værdien er længere end tilladt", "the value is longer than permitted"),
    Reason.BAD_RECORD: ("posten er ikke gyldig JSON, eller den er ikke bygget, som formatet kræver",
                        "the record is no valid JSON, or is not built as its format asks for"),
    Reason.NESTED_VALUE: ("feltet indeholder flere felter og ikke én værdi",
                          "the field holds further fields and not one value"),
    Reason.FORMULA_WITHOUT_VALUE: ("cellen har en formel, som aldrig er beregnet",
                                   "the cell has a formula that was never calculated"),
    Reason.CELL_ERROR: ("cellen viser en fejl som #I/T", "the cell shows an error such as #N/A"),
    Reason.DUPLICATE_KEY: ("hændelsen eller posten har den samme attribut to gange",
                           "the event or record has the same attribute twice"),
    Reason.DUPLICATE_ID: ("to forskellige poster har det samme id", "two records have the same id"),
    Reason.UNDECLARED_TYPE: ("typen eller attributten er ikke erklæret i loggen",
                             "the type or attribute is not declared in the log"),
    Reason.UNKNOWN_EVENT: ("hændelsen, der henvises til, findes ikke i filen",
                           "the event that is referred to is not in the file"),
    Reason.UNKNOWN_OBJECT: ("objektet, der henvises til, findes ikke i filen",
                            "the object that is referred to is not in the file"),
    Reason.MISSING_VALUE: ("en påkrævet værdi mangler", "a value that must be there is empty"),
    Reason.DATE_FORMAT: ("datoen har ikke det aftalte format (fx et årstal med to cifre), eller den "
                         "findes ikke",
                         "the date is not in the agreed format (a year of two digits, say), or no "
                         "such date exists"),
    Reason.DATE_RANGE: ("datoen ligger uden for 1900-2100; et ord for \"ingen slutdato\" aftales i "
                        "open_end",
                        "the date lies outside 1900-2100; a word for \"no end\" is agreed in open_end"),
    Reason.TIME_FORMAT: ("klokkeslættet er ikke TT:MM eller TT:MM:SS",
                         "the time of day is not HH:MM or HH:MM:SS"),
    Reason.NUMBER_FORMAT: ("tallet har ikke det aftalte format",
                           "the number is not in the agreed format"),
    Reason.BOOLEAN_FORMAT: ("værdien er hverken ja eller nej", "the value is neither yes nor no"),
    Reason.UNKNOWN_CODE: ("koden står ikke i kontraktens kodeliste",
                          "the code is not in the contract's code list"),
    Reason.PATTERN: ("værdien har ikke den form, kontrakten kræver",
                     "the value does not have the form the contract asks for"),
    Reason.CPR_FORMAT: ("et CPR-nummer har ti cifre", "a CPR number has ten digits"),
    Reason.CPR_LOST_ZERO: ("CPR-nummeret har ni cifre: et foranstillet nul er gået tabt",
                           "the CPR number has nine digits: a leading zero was lost"),
    Reason.PERSONAL_DATA: ("feltet indeholder noget, der ligner et CPR-nummer, en e-mail eller et "
                           "telefonnummer",
                           "the field holds what looks like a CPR number, an e-mail address or a "
                           "telephone number"),
}


class Refusal(StrEnum):
    """Why a whole file or delivery was refused; nothing of it is loaded."""

    EMPTY = "EMPTY"
    WRONG_TYPE = "WRONG_TYPE"
    NOT_CSV = "NOT_CSV"
    NOT_XES = "NOT_XES"
    NOT_JSON = "NOT_JSON"
    NOT_OCEL = "NOT_OCEL"
    XML_UNSAFE = "XML_UNSAFE"
    ENCODING = "ENCODING"
    NUL_BYTE = "NUL_BYTE"
    BAD_HEADER = "BAD_HEADER"
    HEADER_MISMATCH = "HEADER_MISMATCH"
    DUPLICATE_COLUMN = "DUPLICATE_COLUMN"
    FORBIDDEN_COLUMN = "FORBIDDEN_COLUMN"
    UNTERMINATED_QUOTE = "UNTERMINATED_QUOTE"
    MERGED_CELLS = "MERGED_CELLS"
    TRUNCATED = "TRUNCATED"
    COUNT_MISMATCH = "COUNT_MISMATCH"
    FOOTER = "FOOTER"
    TOO_LARGE = "TOO_LARGE"
    UNREADABLE = "UNREADABLE"
    PATH = "PATH"
    UNKNOWN_FILE = "UNKNOWN_FILE"
    MISSING_TABLE = "MISSING_TABLE"
    CONTROL_FILE = "CONTROL_FILE"
    CHANGED = "CHANGED"
    TOO_MANY_REJECTS = "TOO_MANY_REJECTS"
    TOO_MANY_REMOVED = "TOO_MANY_REMOVED"
    COLUMN_UNREADABLE = "COLUMN_UNREADABLE"
    NOT_CONSERVED = "NOT_CONSERVED"
    PERSONAL_DATA = "PERSONAL_DATA"
    BUSY = "BUSY"


REFUSAL_TEXTS: dict[Refusal, tuple[str, str]] = {
    Refusal.EMPTY: ("filen eller leverancen har ingen rækker",
                    "the file or the delivery has no rows"),
    Refusal.WRONG_TYPE: ("filen er af en anden slags, end kontrakten siger",
                         "the file is of another kind than the contract says"),
    Refusal.NOT_CSV: ("filen er ikke en CSV-fil (fx en hjemmeside eller XML)",
                      "the file is no CSV file (a web page or XML, say)"),
    Refusal.NOT_JSON: ("filen er ikke JSON eller JSON Lines",
                       "the file is neither JSON nor JSON Lines"),
    Refusal.MERGED_CELLS: ("arket har flettede celler, så en værdi gælder flere rækker eller kolonner",
                           "the sheet has merged cells, so that one value stands for several"),
    Refusal.NOT_XES: ("filen er ikke en hændelseslog i XES", "the file is no event log in XES"),
    Refusal.NOT_JSON: ("filen er ikke JSON", "the file is no JSON"),
    Refusal.NOT_OCEL: ("filen er ikke en objektcentreret hændelseslog i OCEL 2.0",
                       "the file is no object-centric event log in OCEL 2.0"),
    Refusal.XML_UNSAFE: ("XML-filen har en DOCTYPE; den læses aldrig",
                         "the XML file has a DOCTYPE; it is never read"),
    Refusal.ENCODING: ("filens tegnsæt er ikke det aftalte",
                       "the file is not in the agreed encoding"),
    Refusal.NUL_BYTE: ("filen indeholder et NUL-tegn og er beskadiget",
                       "the file holds a NUL character and is damaged"),
    Refusal.BAD_HEADER: ("anførselstegnene i overskriften passer ikke sammen",
                         "the quotes in the header line do not match"),
    Refusal.HEADER_MISMATCH: ("overskriften mangler, eller en aftalt kolonne mangler i den",
                              "the header line is missing, or lacks an agreed column"),
    Refusal.DUPLICATE_COLUMN: ("den samme kolonne står mere end én gang",
                               "the same column stands more than once"),
    Refusal.FORBIDDEN_COLUMN: ("filen har en kolonne, som ikke må leveres",
                               "the file has a column that may not be delivered"),
    Refusal.UNTERMINATED_QUOTE: ("et anførselstegn åbnes og lukkes ikke",
                                 "a quote is opened and never closed"),
    Refusal.MERGED_CELLS: ("celler i arket er flettet, så en værdi hører til flere rækker",
                           "cells of the sheet are merged, so that a value belongs to several rows"),
    Refusal.COUNT_MISMATCH: ("antallet af poster er et andet, end siderne selv oplyser",
                             "the number of records is another than the pages themselves tell"),
    Refusal.TRUNCATED: ("filen er ikke hel: den er klippet af, eller antallet passer ikke med det "
                        "oplyste",
                        "the file is not whole: it was cut off, or its count is not the stated one"),
    Refusal.FOOTER: ("filens sidste linje er ingen række, og kontrakten nævner ingen bundlinje",
                     "the last line of the file is no row, and the contract names no footer"),
    Refusal.TOO_LARGE: ("filen, arket eller en linje er større end tilladt, eller et arkiv er en bombe",
                        "the file, sheet or a line is larger than permitted, or an archive is a bomb"),
    Refusal.UNREADABLE: ("filen kan ikke læses eller kopieres",
                         "the file cannot be read or copied"),
    Refusal.PATH: ("stien eller navnet er ikke tilladt (fx en genvej eller en mappe)",
                   "the path or name is not permitted (a link or folder, say)"),
    Refusal.UNKNOWN_FILE: ("ingen tabel i kontrakten har et sådant filnavn",
                           "no table of the contract has such a file name"),
    Refusal.MISSING_TABLE: ("en påkrævet fil mangler i leverancen, eller en tabel i en database",
                            "a required file is missing in the delivery, or a table in a database"),
    Refusal.CONTROL_FILE: ("afsenderens kontrolfil har ikke den aftalte form",
                           "the sender's control file is not in the agreed form"),
    Refusal.CHANGED: ("filen blev ændret, mens den blev læst, eller siden den blev leveret",
                      "the file changed while it was read, or since it was delivered"),
    Refusal.TOO_MANY_REJECTS: ("flere rækker blev afvist, end kontrakten tillader",
                               "more rows were rejected than the contract permits"),
    Refusal.TOO_MANY_REMOVED: ("flere rækker er forsvundet siden sidste leverance, end kontrakten "
                               "tillader",
                               "more rows vanished since the last delivery than the contract permits"),
    Refusal.COLUMN_UNREADABLE: ("de fleste værdier i en kolonne har ikke den aftalte form",
                                "most values of a column are not in the agreed form"),
    Refusal.NOT_CONSERVED: ("programmet kan ikke gøre rede for alle rækker: en fejl i programmet",
                            "the program cannot account for every row; a fault of the program"),
    Refusal.PERSONAL_DATA: ("en personoplysning står, hvor der ikke må stå nogen",
                            "personal data stand where none may be"),
    Refusal.BUSY: ("en anden indlæsning af samme system er i gang",
                   "another load of the same system is under way"),
}


#: The refusals by which a delivery says that its form is no longer the agreed one.
SCHEMA_CHANGES = frozenset({
    Refusal.HEADER_MISMATCH, Refusal.DUPLICATE_COLUMN, Refusal.FORBIDDEN_COLUMN,
    Refusal.UNKNOWN_FILE, Refusal.MISSING_TABLE, Refusal.COLUMN_UNREADABLE,
})


class RefusedError(PipelineError):
    """A file or delivery that is not loaded: ``code`` is the reason, ``where`` file, line and column
    as far as they are known, ``what`` what was expected, what was found and what to do."""

    def __init__(self, code: Refusal, where: str, what: str) -> None:
        super().__init__(f"{where}: {code.value}: {what}")
        self.code, self.where, self.what = code, where, what
