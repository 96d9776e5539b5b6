"""The fixed words of what `pm-pipeline quality` says, in Danish and English."""

from pm_pipeline.bilingual import Words

SAID = {
    "not_law": Words(
        "[bold black on yellow] IKKE LOV [/] {change} {title}{when}: intet er sket endnu, så intet"
        " sammenlignes. Prøv den af med: pm-pipeline law dry-run {change}",
        "[bold black on yellow] NOT LAW [/] {change} {title}{when}: nothing happened yet, so nothing"
        " is compared. Try it with: pm-pipeline law dry-run {change}",
    ),
    "planned": Words(", planlagt til {day}", ", planned for {day}"),
    "no_day": Words(", uden en dag", ", without a day"),
    "municipality": Words(
        "\n[bold]{code} {name}[/]: {told}; bedømt pr. {as_of}, nyeste: {newest}",
        "\n[bold]{code} {name}[/]: {told}; judged as of {as_of}, newest: {newest}",
    ),
    "no_delivery": Words("ingen leverance", "no delivery"),
    "withheld_one": Words(
        "[bold red]Kritisk[/]: 1 udsnit holdes tilbage fra offentliggørelse på grund af {rules}.",
        "[bold red]Critical[/]: 1 slice is withheld from publication because of {rules}.",
    ),
    "withheld_several": Words(
        "[bold red]Kritisk[/]: {n} udsnit holdes tilbage fra offentliggørelse på grund af {rules}.",
        "[bold red]Critical[/]: {n} slices are withheld from publication because of {rules}.",
    ),
    "withheld_all": Words(
        "[bold red]Kritisk[/]: hele kommunens leverance holdes tilbage fra offentliggørelse på grund"
        " af {rules}.",
        "[bold red]Critical[/]: the whole delivery of the municipality is withheld from publication"
        " because of {rules}.",
    ),
    "nothing_fails": Words("[green]Ingen regel fejler.[/]", "[green]No rule fails.[/]"),
    "broke": Words("[red](reglen gik i stykker)[/]", "[red](the rule broke)[/]"),
    "delivery": Words("leverance", "delivery"),
    "at_least_since": Words("mindst siden {day}", "at least since {day}"),
    "of": Words("{found} af {all}", "{found} of {all}"),
    "not_judged": Words(
        "[red]{code} blev ikke bedømt:[/] {error}", "[red]{code} was not judged:[/] {error}"
    ),
    "no_step": Words(
        "intet trin sagde hvorfor; se kørslen i brugerfladen",
        "no step told why; see the run in the UI",
    ),
    "concerns_nothing": Words(
        "Ændringen angår ingen proces og intet system i kommunen.",
        "The change concerns no process or system of this municipality.",
    ),
    "more": Words(
        "og {n} flere (--json, eller marts.change_comparison)",
        "and {n} more (--json, or marts.change_comparison)",
    ),
    "needs_weeks": Words("kræver {n} uger", "needs {n} weeks"),
    "needs_others": Words("kræver {n} kommuner", "needs {n} municipalities"),
    "late": Words("sent", "late"),
    "adopters": Words(
        "\n[bold]Hvem arbejder efter {change} fra hvornår[/] (af det, kommunerne har offentliggjort)",
        "\n[bold]Who works by {change} from when[/] (by what municipalities have published)",
    ),
    "no_adopters": Words(
        "\nIngen af kommunerne har offentliggjort, fra hvornår den arbejder efter {change}.",
        "\nNo municipality has published from when it works by {change}.",
    ),
    "not_settled": Words("ikke faldet på plads, eller for få", "not settled, or too few"),
    "late_ones": Words(
        "[bold red]Sent ude med {change}[/]: {names}", "[bold red]Late with {change}[/]: {names}"
    ),
    "none_late": Words("Ingen af dem er sent ude.", "None of them is late."),
}
COLUMNS = {
    "rule": Words("Regel", "Rule"), "slice": Words("Udsnit", "Slice"), "what": Words("Hvad", "What"),
    "failed": Words("Fejler", "Failed"), "share": Words("Fundet / tilladt", "Found / allowed"),
    "since": Words("Siden", "Since"), "to_do": Words("Gør sådan", "What to do"),
    "process": Words("Proces", "Process"), "measure": Words("Mål", "Measure"),
    "item": Words("Emne", "Item"), "before": Words("Før", "Before"), "after": Words("Efter", "After"),
    "p": Words("p", "p"), "verdict": Words("Dom", "Verdict"),
    "adopted": Words("Praksis fra", "Adopted"),
    "cause": Words("Årsag", "Cause"), "municipality": Words("Kommune", "Municipality"),
    "from": Words("Fra", "From"), "between": Words("Mellem", "Between"), "days": Words("Dage", "Days"),
}  # fmt: skip
VERDICTS = {
    "changed": Words("ændret", "changed"),
    "no_change_shown": Words("ingen ændring vist", "no change shown"),
    "cannot_tell_yet": Words("kan ikke bedømmes endnu", "cannot tell yet"),
}
CAUSES = {
    "law": Words("lov", "law"), "release": Words("ny version", "release"),
    "delivery": Words("leverance", "delivery"),
    "not_separable": Words("kan ikke skilles ad", "not separable"),
    "nothing_dated": Words("intet i registeret", "nothing dated"),
}  # fmt: skip
OUTCOMES = {
    "PASS": Words("som ventet", "PASS"), "FAIL": Words("fejler", "FAIL"),
    "ERROR": Words("gik i stykker", "ERROR"), "NO_DATA": Words("uden data", "NO_DATA"),
    "NOT_IN_FORCE": Words("gælder ikke", "NOT_IN_FORCE"),
    "NOT_APPLICABLE": Words("ikke relevante", "NOT_APPLICABLE"),
}  # fmt: skip


def withheld_key(n_slices: int, *, is_all: bool) -> str:
    """Which sentence of ``SAID`` tells what is withheld: one slice, several, the whole delivery."""
    if is_all:
        return "withheld_all"
    return "withheld_one" if n_slices == 1 else "withheld_several"
