"""Faults of names, links, contracts (rows 51-53). What happens to a file while it is read, tests do."""

from pm_pipeline.synthetic.broken.faults import FaultList
from pm_pipeline.synthetic.broken.good import Broken, Workshop

FAULTS = FaultList()
fault = FAULTS.fault


@fault(51, "name of a pattern")
def _(shop: Workshop) -> Broken:
    """The file's name is full of signs that patterns and SQL use; files it could mean lie beside it."""
    for name in ("acts1.csv", "acts2.csv"):
        shop.file("not to be read", name)
    return shop.done(shop.file(shop.text(), "acts[12]*?';--.csv"))


@fault(51, "link")
def _(shop: Workshop) -> Broken:
    """The file is a link to another one."""
    target = shop.file(shop.text(), "elsewhere.csv")
    link = shop.folder / "acts.csv"
    link.symlink_to(target)
    return shop.done(link)


@fault(51, "folder")
def _(shop: Workshop) -> Broken:
    """A folder has the name of a file."""
    folder = shop.folder / "acts.csv"
    folder.mkdir()
    return shop.done(folder)


@fault(51, "name with a CPR number")
def _(shop: Workshop) -> Broken:
    """The file's name holds a CPR number."""
    return shop.done(shop.file(shop.text(), f"acts_{shop.cpr}.csv"))


@fault(52, "hostile header")
def _(shop: Workshop) -> Broken:
    """A required column's name is a piece of SQL."""
    return shop.done(
        shop.file(shop.text().replace("CPR-nr", 'x\'); drop table acts; --"', 1)), line=1
    )


def _contract(row: int, name: str, what: str, old: str, new: str) -> None:
    def make(shop: Workshop) -> Broken:
        shop.agree(old, new)
        return shop.done()

    make.__doc__ = what
    fault(row, name)(make)


_contract(53, "octal version", "A version that plain YAML reads as the number 65.",
          'version: "1"', "version: 0101")
_contract(53, "a word for no", "A code that plain YAML reads as false.",
          "[Samtale, Møde, Tilbud]", "[Samtale, Møde, Tilbud, NO]")
_contract(53, "key twice", "A key stands twice; plain YAML takes the last.",
          '      delimiter: ";"\n', '      delimiter: ";"\n      delimiter: ","\n')
_contract(53, "python tag", "A tag that makes plain YAML run code.",
          "certainty: illustrative", "certainty: !!python/object/apply:os.getcwd []")
_contract(53, "unknown key", "A key that is misspelt.",
          "max_rejected_percent: 10", "max_rejected_procent: 10")
_contract(53, "aliases", "Anchors and aliases that unfold without end.",
          "allowed: [Samtale, Møde, Tilbud]", "allowed: [&a [Samtale, Samtale], *a, *a]")
