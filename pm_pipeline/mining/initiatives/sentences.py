"""What became of an initiative, in a few sentences: Danish and English."""

from datetime import date

from pm_pipeline.mining.initiatives.effect import InitiativeEffect, Verdict

_MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
           "oktober", "november", "december")  # fmt: skip
_MEASURES = {
    "lead_time_days": ("dage i forløb", "days in the course"),
    "working_days": ("arbejdsdage i forløb", "working days in the course"),
    "days_to_first_talk": ("dage til første samtale", "days to the first talk"),
    "days_to_activity": ("dage til {item}", "days to {item}"),
    "n_talks": ("samtaler pr. forløb", "talks per course"),
    "n_events": ("hændelser pr. forløb", "events per course"),
    "n_repeated_events": ("gentagne hændelser pr. forløb", "repeated events per course"),
    "caseworker_changes": ("sagsbehandlerskift pr. forløb", "changes of caseworker per course"),
    "share_with_activity": ("forløb med {item}", "courses with {item}"),
    "share_rule_fulfilled": ("forløb, hvor reglen {item} er opfyldt", "courses that fulfil {item}"),
}
_WHY_NOT = {
    "no_cases_before": (
        "ingen forløb er fulgt til ende før starten",
        "no course was followed to its end before it began",
    ),
    "no_cases_after": (
        "ingen forløb er fulgt til ende endnu", "no course has been followed to its end yet",
    ),
    "below_minimum_group": (
        "der er færre borgere i en af grupperne, end der må oplyses om",
        "fewer citizens are in one of the groups than may be told of",
    ),
    "too_few_periods": (
        "forløbene ligger i for få perioder på fire uger til at skelne den fra udvikling og årstid",
        "the courses lie in too few periods of four weeks to tell the initiative from trend and season",
    ),
    "no_variation": (
        "målet er det samme i alle forløb", "the measure is the same in every course",
    ),
    "season_unknown": (
        "data rækker ikke halvandet år, så det kan være årstiden",
        "the data do not span a year and a half, so it may be the season",
    ),
    "trends_not_parallel": (
        "de to grupper gik hver sin vej allerede før starten, så den ene siger intet om den anden",
        "the two groups went apart before it began already, so one says nothing of the other",
    ),
    "placebo_as_large": (
        "lige så store spring ses på dage, hvor intet skete",
        "steps as large are seen on days on which nothing happened",
    ),
    "too_few": ("grundlaget er for lille", "there is too little to go by"),
    "too_few_alone": (
        "kommunens egne forløb er for få til at vise det inden for tre år",
        "the courses of this municipality alone are too few to show it within three years",
    ),
}


def sentences_of(row: InitiativeEffect, item_da: str, item_en: str) -> tuple[str, str]:
    """Figures are those of the row and no others. ``item``: the label of what is asked about."""
    what_da, what_en = _MEASURES[row.measure]
    what_da, what_en = what_da.format(item=item_da), what_en.format(item=item_en)
    said_da, said_en = _said(row)
    da = f"{row.title_da} (fra {_danish(row.starts_on)}), målt på {what_da}: {said_da}"
    en = f"{row.title_en} (from {row.starts_on.isoformat()}), measured by {what_en}: {said_en}"
    if row.is_exploratory:
        da += " Indsatsen er skrevet ind, efter at resultatet kunne kendes: det er en undersøgelse og"
        da += " bekræfter intet."
        en += " It was registered when the result could be known: this explores and confirms nothing."
    if row.confounders:
        others = row.confounders.replace("|", ", ")
        da += f" I samme tid skete også: {others}."
        en += f" Also at that time: {others}."
    return da, en


def _said(row: InitiativeEffect) -> tuple[str, str]:
    hoped_da = f"ventet {_size(row, row.expected_size, 'da')} {_WAYS[row.direction][0]}"
    hoped_en = f"expected {_size(row, row.expected_size, 'en')} {row.direction}"
    if row.effect_size is None or row.effect_low is None or row.effect_high is None:
        found_da = found_en = ""
    else:
        way_da, way_en = ("højere", "higher") if row.effect_size > 0 else ("lavere", "lower")
        found_da = (
            f"{_size(row, abs(row.effect_size), 'da')} {way_da} (95 % usikkerhed"
            f" {_number(row, row.effect_low, 'da')} til {_number(row, row.effect_high, 'da')};"
            f" {hoped_da})"
        )
        found_en = (
            f"{_size(row, abs(row.effect_size), 'en')} {way_en} (95 % interval"
            f" {_number(row, row.effect_low, 'en')} to {_number(row, row.effect_high, 'en')};"
            f" {hoped_en})"
        )
    if row.verdict is Verdict.CANNOT_TELL_YET:
        why_da, why_en = _WHY_NOT[row.reason or "too_few"]
        da, en = f"kan ikke bedømmes endnu: {why_da}", f"cannot be told yet: {why_en}"
        if row.n_more_cases is not None:
            da += f"; der skal omkring {row.n_more_cases} forløb til"
            en += f"; about {row.n_more_cases} more courses are needed"
        if found_da:
            da, en = f"{da}. Foreløbig {found_da}", f"{en}. So far {found_en}"
        return da + ".", en + "."
    if row.verdict is Verdict.NO_CHANGE_SHOWN:
        return (
            f"ingen ændring vist, og den ventede er udelukket: {found_da}.",
            f"no change shown, and the expected one is ruled out: {found_en}.",
        )
    is_better = row.verdict is Verdict.IMPROVED
    da = f"{'forbedret' if is_better else 'forværret'}: {found_da}"
    en = f"{'improved' if is_better else 'worsened'}: {found_en}"
    if row.reason == "less_than_expected":
        da, en = da + ", mindre end ventet", en + ", less than expected"
    return da + ".", en + "."


_WAYS = {"lower": ("lavere", "lower"), "higher": ("højere", "higher")}


def _size(row: InitiativeEffect, value: float, lang: str) -> str:
    if row.measure.startswith("share_"):
        return f"{_number(row, value, lang)} {'procentpoint' if lang == 'da' else 'percentage points'}"
    if "days" in row.measure:
        return f"{_number(row, value, lang)} {'dage' if lang == 'da' else 'days'}"
    return _number(row, value, lang)


def _number(row: InitiativeEffect, value: float, lang: str) -> str:
    if row.measure.startswith("share_"):
        shown = f"{100 * value:.0f}"
    else:
        shown = f"{value:.1f}" if "days" in row.measure else f"{value:.2f}"
    shown = shown.replace("-", "−")
    return shown.replace(".", ",") if lang == "da" else shown


def _danish(day: date) -> str:
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"
