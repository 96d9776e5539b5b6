"""The fixed words of the page of a difference of law, in Danish and English."""

from pm_pipeline.bilingual import Words
from pm_pipeline.law.diff.activities import ActivityRole
from pm_pipeline.law.diff.changes import Turn
from pm_pipeline.law.diff.mappings import CodeTurn
from pm_pipeline.law.diff.models import KpiChange
from pm_pipeline.registry import ChangeStatus

HEADINGS = {
    "changes": Words("Lovændringer imellem", "Changes of law in between"),
    "clock_stops": Words("Perioder, hvor frister står stille", "Periods in which clocks stand still"),
    "exemptions": Words("Fritagelser og fravær", "Exemptions and absences"),
    "activities": Words("Berørte aktiviteter", "Activities touched"),
    "mappings": Words("Koder", "Codes"),
    "case_notions": Words("Hvad en sag er", "What a case is"),
    "suites": Words("Kvalitetsregler", "Quality rules"),
    "quality": Words("Berørte kvalitetsdata", "Quality datasets touched"),
    "models": Words("Berørte dbt-modeller", "dbt models touched"),
    "kpis": Words(
        "Nøgletal pr. regel (version før → efter)", "Figures per rule (version before → after)"
    ),
    "municipalities": Words("Berørte kommuner", "Municipalities touched"),
    "not_law": Words("Ikke sammenlignet: ikke lov", "Not compared: not law"),
    "day_unknown": Words("Ikke sammenlignet: dag ukendt", "Not compared: day unknown"),
}
SAID = {
    "title": Words("Lovens forskel: {before} → {after}", "Difference of law: {before} → {after}"),
    "draft": Words(
        " UDKAST: {change} er {status} og ikke lov. Intet tal hviler på det. ",
        " DRAFT: {change} is {status}, not law. No figure rests on it. ",
    ),
    "empty": Words(
        "Ingen forskel: de samme regimer, regler, pauser, fritagelser og koder gælder begge dage.",
        "No difference: the same regimes, rules, pauses, exemptions and codes hold on both days.",
    ),
    "no_regime": Words("intet regime", "no regime"),
    "by_start": Words(
        "gælder sager registreret fra {day}; ældre sager beholder deres regime",
        "holds for cases registered from {day}; older cases keep their regime",
    ),
    "by_event": Words(
        "gælder det, der sker fra {day}, også i ældre sager",
        "holds for what happens from {day}, in older cases too",
    ),
    "added": Words("ny", "new"),
    "removed": Words("bortfalder", "goes out"),
    "changed": Words("ændret", "changed"),
    "retold": Words("samme krav, anden omtale", "same duty, told otherwise"),
    "carried": Words("uændret", "unchanged"),
    "nothing": Words("intet", "nothing"),
    "uncertain": Words("USIKKER", "UNCERTAIN"),
    "country": Words("hele landet", "the whole country"),
    "stops_nothing": Words("standser ingen regel", "stops no rule"),
    "all_municipalities": Words("alle kommuner", "all municipalities"),
    "unmapped": Words("ingen betydning", "no meaning"),
    "notion": Words(
        "{notion}: forløb, der begynder fra {day}, lægges ikke sammen (processer: {processes})",
        "{notion}: courses that begin from {day} are not merged (processes: {processes})",
    ),
    "lacks_suite": Words(
        "{regime} har ingen kvalitetsregler: skriv expectations/regimes/{regime}/",
        "{regime} has no quality rules: write expectations/regimes/{regime}/",
    ),
    "retired": Words("slår fra: {rules}", "retires: {rules}"),
    "restored": Words("gælder igen: {rules}", "in force again: {rules}"),
    "reads": Words("læser {seeds}", "reads {seeds}"),
    "through": Words("gennem andre modeller", "through other models"),
    "perhaps": Words("måske: intet leveret endnu", "perhaps: nothing delivered yet"),
    "planned": Words("planlagt {day}", "planned for {day}"),
}
TURNS = {
    Turn.BEGINS: Words("begynder", "begins"),
    Turn.ENDS: Words("ophører", "ends"),
    Turn.PASSES: Words("begynder og ophører", "begins and ends"),
    Turn.CHANGES: Words("ændres", "changes"),
}
CODE_TURNS = {
    CodeTurn.BEGINS: Words("begynder", "begins"),
    CodeTurn.ENDS: Words("udgår", "ends"),
    CodeTurn.CHANGES: Words("får en anden betydning", "means something else"),
    CodeTurn.SAME_MEANING: Words("samme betydning, en anden række", "same meaning, another row"),
}
ROLES = {
    ActivityRole.ANCHOR: Words("regnes fra i", "counted from in"),
    ActivityRole.REQUIRED: Words("kræves eller tælles i", "asked for in"),
    ActivityRole.OPENS: Words("åbner vinduet i", "opens the window in"),
    ActivityRole.BEGINS_EXEMPTION: Words("begynder", "begins"),
    ActivityRole.ENDS_EXEMPTION: Words("afslutter", "ends"),
    ActivityRole.MAPPED: Words("oversættes fra", "mapped from"),
    ActivityRole.DEFINED: Words("egen række ændret:", "its own row differs:"),
}
KPI_CHANGES = {
    KpiChange.TOLD: Words("samme krav", "same duty"),
    KpiChange.REGIME: Words("under det nye regime", "under the new regime"),
    KpiChange.DAYS: Words("andre frister", "other deadlines"),
}
LAYERS = {
    "marts": Words("udgivne tabeller i", "published tables in"),
    "model": Words("tabeller i", "tables in"),
}
STATUSES = {
    ChangeStatus.ANNOUNCED: Words("bebudet", "announced"),
    ChangeStatus.ENACTED: Words("vedtaget", "enacted"),
    ChangeStatus.IN_FORCE: Words("i kraft", "in force"),
    ChangeStatus.ENDED: Words("ophørt", "ended"),
    ChangeStatus.WITHDRAWN: Words("trukket tilbage", "withdrawn"),
}
