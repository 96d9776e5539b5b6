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
    MISSING_VALUE = "MISSING_VALUE"
    DATE_FORMAT = "DATE_FORMAT"
    TWO_DIGIT_YEAR = "TWO_DIGIT_YEAR"
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
    Reason.DUPLICATE_KEY: ("hændelsen har den samme attribut to gange",
                           "the event has the same attribute twice"),
    Reason.MISSING_VALUE: ("en påkrævet værdi mangler", "a value that must be there is empty"),
    Reason.DATE_FORMAT: ("datoen har ikke det aftalte format, eller den findes ikke",
                         "the date is not in the agreed format, or no such date exists"),
    Reason.TWO_DIGIT_YEAR: ("årstallet har kun to cifre", "the year has only two digits"),
    Reason.DATE_RANGE: ("datoen ligger uden for 1900-2100", "the date lies outside 1900-2100"),
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
    Reason.PERSONAL_DATA: ("feltet indeholder noget, der ligner et CPR-nummer eller en e-mail",
                           "the field holds what looks like a CPR number or an e-mail address"),
}


class Refusal(StrEnum):
    """Why a whole file or delivery was refused; nothing of it is loaded."""

    EMPTY = "EMPTY"
    WRONG_TYPE = "WRONG_TYPE"
    NOT_CSV = "NOT_CSV"
    NOT_XES = "NOT_XES"
    XML_UNSAFE = "XML_UNSAFE"
    ENCODING = "ENCODING"
    NUL_BYTE = "NUL_BYTE"
    BAD_HEADER = "BAD_HEADER"
    HEADER_MISMATCH = "HEADER_MISMATCH"
    DUPLICATE_COLUMN = "DUPLICATE_COLUMN"
    FORBIDDEN_COLUMN = "FORBIDDEN_COLUMN"
    UNTERMINATED_QUOTE = "UNTERMINATED_QUOTE"
    TRUNCATED = "TRUNCATED"
    TOO_LARGE = "TOO_LARGE"
    UNREADABLE = "UNREADABLE"
    PATH = "PATH"
    UNKNOWN_FILE = "UNKNOWN_FILE"
    MISSING_TABLE = "MISSING_TABLE"
    CHANGED = "CHANGED"
    TOO_MANY_REJECTS = "TOO_MANY_REJECTS"
    TOO_MANY_REMOVED = "TOO_MANY_REMOVED"
    COLUMN_UNREADABLE = "COLUMN_UNREADABLE"
    NOT_CONSERVED = "NOT_CONSERVED"
    PERSONAL_DATA = "PERSONAL_DATA"
    BUSY = "BUSY"


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
