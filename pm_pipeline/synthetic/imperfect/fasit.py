"""Cases and times of a Fasit sheet, as the planters handle them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pm_pipeline.synthetic.imperfect.regimes import process_of, regime_on
from pm_pipeline.synthetic.imperfect.sheets import Deliveries, Record

TABLE = "haendelser"


@dataclass(frozen=True, eq=False)
class Case:
    """A case (Sagsnr) with its acts in the order of time."""

    case_ref: str
    regime_id: str
    registered_on: date
    ended_on: date | None
    acts: list[Record]

    def timed(self) -> list[Record]:
        """Acts with a time of day that lie inside the case, neither its first nor its last."""
        return [act for act in self.acts[1:-1] if act["Klokkeslæt"]]

    @property
    def cpr(self) -> str:
        """The ten digits of the citizen's number."""
        return self.acts[0]["CPR-nr"].replace("-", "")

    def labelled(self, *labels: str) -> list[Record]:
        """Of those the ones under a label."""
        return [act for act in self.timed() if act["Hændelse"] in labels]


def cases_of(deliveries: Deliveries) -> Iterator[Case]:
    """The cases that nothing happened to: no row repeated or restated, the citizen kept its number."""
    by_ref: dict[str, list[Record]] = {}
    for record in deliveries.records(TABLE):
        by_ref.setdefault(record["Sagsnr"], []).append(record)
    for case_ref, acts in by_ref.items():
        keys = {act["Løbenr"] for act in acts}
        if len(keys) < len(acts) or not all(act["Hændelsesdato"] for act in acts):
            continue
        acts.sort(key=happened_at)
        last = acts[-1]
        registered_on = day_in(last["Tilmeldt"])
        regime_id = regime_on(process_of(last["Målgruppe"]), registered_on)
        if regime_id is not None:
            yield Case(
                case_ref, regime_id, registered_on,
                day_in(last["Afmeldt"]) if last["Afmeldt"] else None, acts)


def day_in(text: str) -> date:
    """A Danish date."""
    return datetime.strptime(text, "%d-%m-%Y").date()


def happened_at(act: Record) -> datetime:
    """When an act happened; midnight where the sheet tells its day alone."""
    return datetime.strptime(
        f"{act['Hændelsesdato']} {act['Klokkeslæt'] or '00:00'}", "%d-%m-%Y %H:%M")


def registered_at(act: Record) -> datetime:
    """When an act was registered."""
    return datetime.strptime(act["Registreret"], "%d-%m-%Y %H:%M")


def happens(act: Record, at: datetime | date, *, registered: datetime | None = None) -> None:
    """Let an act happen at another time, or on a day whose hour nobody told."""
    act["Hændelsesdato"] = f"{at:%d-%m-%Y}"
    act["Klokkeslæt"] = f"{at:%H:%M}" if isinstance(at, datetime) else ""
    if registered is not None:
        act["Registreret"] = f"{registered:%d-%m-%Y %H:%M}"


def with_timed(n: int, labels: int = 1) -> Callable[[Case], bool]:
    """Whether a case has ``n`` acts with a time of day, under so many different labels."""
    def fits(case: Case) -> bool:
        timed = case.timed()
        return len(timed) >= n and len({act["Hændelse"] for act in timed}) >= labels
    return fits


def prompt(case: Case) -> list[Record]:
    """The timed acts that were registered within the day."""
    return [
        act for act in case.timed()
        if timedelta() <= registered_at(act) - happened_at(act) < timedelta(hours=20)
        and registered_at(act).date() == happened_at(act).date()
    ]


def with_label(label: str) -> Callable[[Case], bool]:
    """Whether a case has a timed act under a label."""
    return lambda case: bool(case.labelled(label))
