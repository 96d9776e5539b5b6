"""What became of a figure, in one sentence: Danish and English."""

from collections.abc import Mapping
from datetime import date

from pm_pipeline.quality.effects.changes import Change
from pm_pipeline.quality.effects.comparison import Cause, ChangeComparison, RestsOn, Verdict
from pm_pipeline.quality.effects.figures import Label, figure_of
from pm_pipeline.quality.told_share import told_share

_MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
           "oktober", "november", "december")  # fmt: skip

_WHY_NOT = {
    "no_weeks_after": (
        "data slutter på dagen eller før", "the data end on that day or before",
    ),
    "season_unknown": (
        "data rækker ikke halvandet år tilbage, så det kan være årstiden",
        "the data do not reach a year and a half back, so it may be the season",
    ),
    "too_few": ("grundlaget er for lille", "there is too little to go by"),
    "too_few_alone": (
        "kommunens egne data er for få til at vise det, også når tiden er gået",
        "the data of this municipality alone are too few to show it, however long one waits",
    ),
}
_CAUSES = {
    # named, as it may be another law than the one whose day was looked at
    Cause.LAW: ("Loven forklarer det bedst ({by}).", "The law explains it best ({by})."),
    Cause.RELEASE: (
        "En ny version af fagsystemet forklarer det bedst ({by}).",
        "A new version of the case system explains it best ({by}).",
    ),
    Cause.DELIVERY: (
        "Én leverance forklarer det bedst ({by}).", "One delivery explains it best ({by}).",
    ),
    Cause.NOT_SEPARABLE: (
        "Årsagerne kan ikke skilles ad ({by}).", "The causes cannot be told apart ({by}).",
    ),
    Cause.NOTHING_DATED: (
        "Intet i registeret forklarer det: måske en ny version af"
        " fagsystemet, som ingen har skrevet ind.",
        "Nothing in the register explains it: perhaps a new version that nobody has entered.",
    ),
}
_NOT_THE_DELIVERY = (
    "Hverken leverancen selv eller noget i registeret forklarer det: måske er dens rækker fra en anden"
    " tid eller andre sager end de tidligere leverancers.",
    "Neither the delivery itself nor anything in the register explains it: its rows may be of another"
    " time or of other cases than those of the earlier deliveries.",
)
_BY_DAY_ALONE = ("Det er sluttet alene af dagen.", "This is inferred from the day alone.")


def sentences_of(
    row: ChangeComparison, change: Change, labels: Mapping[str, Label]
) -> tuple[str, str]:
    """Danish and English. Figures are those of the row and no others."""
    what = figure_of(row.measure, row.item, labels)
    since_da = f"Fra {_danish(change.changed_on)} ({change.title_da}): "
    since_en = f"From {change.changed_on.isoformat()} ({change.title_en}): "
    said_da, said_en = _said(row, what.da, what.en)
    return since_da + said_da, since_en + said_en


def _said(row: ChangeComparison, what_da: str, what_en: str) -> tuple[str, str]:
    if row.verdict is Verdict.CANNOT_TELL_YET:
        return _cannot_tell(row, what_da, what_en)
    if row.verdict is Verdict.NO_CHANGE_SHOWN:
        goes_on = row.reason == "trend_or_season"
        return (
            f"{what_da} viser ingen ændring"
            + (" ud over den udvikling og årstid, der var i forvejen." if goes_on else "."),
            f"{what_en} shows no change"
            + (" beyond the trend and season of before." if goes_on else "."),
        )
    before, expected, after = (
        _shown(value, whole)
        for value, whole in (
            (row.value_before, row.whole_before), (row.value_expected, row.whole_after),
            (row.value_after, row.whole_after),
        )
    )
    if row.measure == "meaning":
        part = f"{100 * (row.effect_size or 0):.0f} %"
        da = f"{what_da} er noget andet i {part} af tilfældene: den kan have fået en anden betydning."
        en = f"{what_en} is another than before in {part} of them: it may mean something else now."
    else:
        moved_da, moved_en = ("steg", "rose") if (row.effect_size or 0) > 0 else ("faldt", "fell")
        if after == expected:  # as they are told: "fell to 20 % (expected 20 %)" says nothing
            moved_da += " lidt, fortsat omkring"
            moved_en += " a little, still about"
        else:
            moved_da, moved_en = f"{moved_da} til", f"{moved_en} to"
        da = (
            f"{what_da} {moved_da} {_comma(after)}"
            f" (før {_comma(before)}, ventet {_comma(expected)})."
        )
        en = f"{what_en} {moved_en} {after} (before {before}, expected {expected})."
    if row.adopted_on is not None:
        days = row.adoption_days
        late = (" (sent)", " (late)") if row.is_late else ("", "")
        da += f" Den nye praksis er på plads fra {_danish(row.adopted_on)}, {days} dage efter{late[0]}."
        en += f" The new practice holds from {row.adopted_on}, {days} days after{late[1]}."
    elif row.adopted_from_on is not None:
        da += " Den nye praksis var ikke faldet på plads, da data sluttede."
        en += " The new practice had not settled when the data ended."
    if row.cause is not None:
        for cause_da, cause_en in _because(row):
            da += " " + cause_da.format(by=row.caused_by)
            en += " " + cause_en.format(by=row.caused_by)
    if row.confounders:
        others = row.confounders.replace("|", ", ")
        da += f" I samme periode skete også: {others}."
        en += f" Also at that time: {others}."
    return da, en


def _because(row: ChangeComparison) -> list[tuple[str, str]]:
    """What explains it, and on how little that rests."""
    assert row.cause is not None
    if row.cause is Cause.NOTHING_DATED:
        return [_NOT_THE_DELIVERY if row.kind == "delivery" else _CAUSES[row.cause]]
    told = [_CAUSES[row.cause]]
    return [*told, _BY_DAY_ALONE] if row.cause_rests_on is RestsOn.DAY_ALONE else told


def _cannot_tell(row: ChangeComparison, what_da: str, what_en: str) -> tuple[str, str]:
    why_da, why_en = _WHY_NOT[row.reason or "too_few"]
    da = f"{what_da} kan ikke bedømmes endnu: {why_da}"
    en = f"{what_en} cannot be told yet: {why_en}"
    counted = ("sager", "cases") if row.axis == "case_start" else ("hændelser", "events")
    n_da = f" (omkring {row.n_needed} {counted[0]})" if row.n_needed else ""
    n_en = f" (about {row.n_needed} {counted[1]})" if row.n_needed else ""
    if row.municipalities_needed is not None:
        da += f"; omkring {row.municipalities_needed} kommuner som denne kan vise det sammen{n_da}"
        en += f"; about {row.municipalities_needed} like it can show it together{n_en}"
    elif row.weeks_needed is not None:
        da += f"; der skal omkring {row.weeks_needed} uger til efter datoen{n_da}"
        en += f"; about {row.weeks_needed} weeks after the day are needed{n_en}"
    return da + ".", en + "."


def _shown(value: float | None, whole: int | None) -> str:
    """As exact as the figure is sure: the windows of two near changes differ by a few acts alone, and
    those are not to be had from two sentences.

    ``whole``: of what it is a share; None: a number a week.
    """
    if value is None:
        return "–"
    if whole is None:
        return "<1" if 0 < value < 1 else f"{float(f'{value:.2g}'):.0f}"
    return told_share(value, whole)


def _comma(shown: str) -> str:
    return shown.replace(".", ",")


def _danish(day: date) -> str:
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"
