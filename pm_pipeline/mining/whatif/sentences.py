"""What a replay says, in a few sentences: Danish and English, with what it assumes."""

from datetime import date

from pm_pipeline.mining.whatif.answer import Answer, Figures, Span
from pm_pipeline.mining.whatif.asked import WhatIf

_MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
           "oktober", "november", "december")  # fmt: skip
#: What each measure is, in Danish and English.
MEASURED = {
    "share_on_time": (
        "samtaler, der holdes senest den dag, de skal", "talks that are held by their due day",
    ),
    "mean_days_late": (
        "dage efter den dag, i gennemsnit af alle samtaler", "days after that day, mean of all talks",
    ),
    "p90_days_late": (
        "dage efter den dag, som 9 af 10 samtaler holder sig inden for",
        "days after that day within which 9 of 10 talks are held",
    ),
    "n_waiting": (
        "forløb, der venter over tiden ved udgangen", "cases that are overdue and wait at the end",
    ),
}
_WHY_NOT = {
    "no_talks": (
        "processen har ikke haft den aktivitet i de uger, der ses på",
        "the process did not have the activity in the weeks looked at",
    ),
    "below_minimum_group": (
        "der er færre borgere, end der må oplyses om", "fewer citizens are in it than may be told of",
    ),
    "too_few_weeks": (
        "der er for få uger i data til at kende køen", "the data hold too few weeks to know the queue",
    ),
    "too_few_talks": (
        "der holdes eller ville blive holdt for få samtaler til at sige noget om dem",
        "too few talks are held, or would be, to say anything of them",
    ),
    "no_backlog_seen": (
        "der har ikke i uger nok ventet så mange, at det viser, hvor mange samtaler der kan holdes",
        "in too few weeks so many were waiting that it shows how many talks can be held",
    ),
    "not_by_due_day": (
        "for mange samtaler holdes med borgere, der ikke skal endnu, mens andre er over tiden: det er "
        "ikke den dag, de skal, der afgør, hvem der indkaldes",
        "too many talks are held with people who are not due yet while others are overdue: it is not "
        "the due day that decides who is called",
    ),
    "talks_follow_queue": (
        "der holdes flere samtaler, når flere venter, eller det kan ikke udelukkes: det vides ikke, om "
        "det er bemandingen, der sætter grænsen",
        "more talks are held when more wait, or that cannot be ruled out: it is not known whether the "
        "staffing sets the limit",
    ),
    "model_does_not_fit": (
        "modellen kan ikke gengive de uger, der er set, så den siger intet om andre",
        "the model cannot reproduce the weeks seen, so it says nothing of others",
    ),
}
ASSUMES = (
    "Forudsætter, at den, der har ventet længst efter sin dag, indkaldes først, at ingen indkaldes "
    "før, at lige så mange kommer og går som i de uger, der er set, uanset ændringen, og at samtaler "
    "tager lige så lang tid. Siger intet om en enkelt borger eller medarbejder.",
    "Assumes that whoever is longest past the due day is called first and nobody before it, that as "
    "many come and leave as in the weeks seen whatever is changed, and that talks take as long. Says "
    "nothing of a single citizen or employee.",
)


def sentences_of(
    what_if: WhatIf, measure: str, found: Answer, weeks_ahead: int, until_on: date | None
) -> tuple[str, str]:
    """Figures are those of the answer and no others."""
    if found.reason is not None or until_on is None:
        da, en = _WHY_NOT[found.reason or "no_talks"]
        return f"{what_if.title_da}: kan ikke siges: {da}.", f"{what_if.title_en}: cannot tell: {en}."
    da, en = MEASURED[measure]
    figures = found.figures[measure]
    day_da = f"{until_on.day}. {_MONTHS[until_on.month - 1]} {until_on.year}"
    return (
        f"{what_if.title_da}: {da}: {_said(figures, measure, 'da')}, i de {weeks_ahead} uger efter"
        f" {day_da}. {ASSUMES[0]}",
        f"{what_if.title_en}: {en}: {_said(figures, measure, 'en')}, in the {weeks_ahead} weeks after"
        f" {until_on.isoformat()}. {ASSUMES[1]}",
    )


def titles_of(
    quota_days: int, new_quota_days: int | None, staffing: float | None
) -> tuple[str, str]:
    """A question that nobody gave a title, in Danish and English."""
    da, en = [], []
    if new_quota_days not in (None, quota_days):
        da.append(f"hver {new_quota_days}. dag i stedet for hver {quota_days}.")
        en.append(f"every {new_quota_days} days in place of every {quota_days}")
    if staffing not in (None, 1):
        times = f"{staffing:g}"
        da.append(f"{times.replace('.', ',')} gange så mange samtaler pr. arbejdsdag")
        en.append(f"{times} times as many talks a working day")
    return ", ".join(da), ", ".join(en)


def shown(value: float, measure: str, lang: str) -> str:
    """A figure of a measure as it is told."""
    if measure == "share_on_time":
        return f"{100 * value:.0f} %".replace("-", "−")
    text = f"{value:.1f}" if measure == "mean_days_late" else f"{value:.0f}"
    text = text.replace("-", "−")
    return text.replace(".", ",") if lang == "da" else text


def spanned(span: Span, measure: str, lang: str) -> str:
    """The middle with its interval."""
    low, middle, high = (shown(one, measure, lang) for one in (span.low, span.middle, span.high))
    return f"{middle} (95 %: {low} {'til' if lang == 'da' else 'to'} {high})"


def _said(figures: Figures, measure: str, lang: str) -> str:
    changed, unchanged = (
        spanned(one, measure, lang) for one in (figures.changed, figures.unchanged)
    )
    against = "mod {} uden ændring" if lang == "da" else "against {} with nothing changed"
    return f"{changed}, {against.format(unchanged)}"
