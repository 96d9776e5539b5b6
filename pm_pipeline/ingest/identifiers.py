"""What looks like an identifier of a person in a text that should hold none."""

CPR_LIKE = (
    r"(^|[^0-9])(0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])(0[1-9]|1[0-2])[0-9]{2}[- ]?"
    r"[0-9]{4}($|[^0-9])"
)
# A plain number of eight digits may be a company's or a unit's; one that is written or announced as a
# telephone number is none.
PHONE_LIKE = (
    r"(\+45|(^|[^0-9])0045)[ -]?([0-9][ -]?){7}[0-9]($|[^0-9])"
    r"|(^|[^0-9A-Za-z])[0-9]{2}( [0-9]{2}){3}($|[^0-9A-Za-z])"
    r"|(^|[^A-Za-z])(?i:tlf|telefon|tel|mobil|mob)\.?(nr\.?)?:? ?([0-9][ -]?){7}[0-9]($|[^0-9])"
)
MAIL_LIKE = r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}"
