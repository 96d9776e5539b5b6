"""Faults of a file's structure: rows, quotes, delimiters, headers, lines around (1-10, 17-31)."""

from hashlib import sha256

from pm_pipeline.synthetic.broken.faults import FaultList
from pm_pipeline.synthetic.broken.good import NAME, Broken, Workshop

FAULTS = FaultList()
fault = FAULTS.fault
_CONTROL = ('certainty: illustrative', 'certainty: illustrative\n  control_file: "*.control.csv"')


def _with_control(shop: Workshop, sent: str, came: str) -> Broken:
    """The sender states the whole file, another came."""
    shop.agree(*_CONTROL)
    stated = f"acts.csv;{len(shop.rows)};{len(sent.encode())};{sha256(sent.encode()).hexdigest()}"
    control = shop.file(f"file;rows;size_bytes;sha256\r\n{stated}\r\n", "acts.control.csv")
    return shop.done(shop.file(came), control)


@fault(1, "cut in a row")
def _(shop: Workshop) -> Broken:
    """The file ends in the middle of its last row."""
    text = shop.text()
    return shop.done(shop.file(text[: -60]), line=len(shop.rows) + 1)


@fault(1, "cut in a row, stated by the sender")
def _(shop: Workshop) -> Broken:
    """The file ends early, in the last field of a row, and the control file states the whole."""
    return _with_control(shop, shop.text(), shop.text()[:-8])


@fault(2, "cut at a line end, stated by the sender")
def _(shop: Workshop) -> Broken:
    """Ten whole rows are missing at the end; the control file states the whole."""
    lines = shop.text().splitlines(keepends=True)
    return _with_control(shop, "".join(lines), "".join(lines[:-10]))


@fault(2, "cut at a line end")
def _(shop: Workshop) -> Broken:
    """Ten whole rows are missing at the end and nobody states it: the file looks complete."""
    del shop.rows[-10:]
    return shop.done()


@fault(3, "open quote")
def _(shop: Workshop) -> Broken:
    """A quote is opened in row 20 and never closed: it swallows the rows behind it."""
    text = shop.text().splitlines(keepends=True)
    text[20] = text[20].replace(";Jobcenter;", ';"Jobcenter;')
    return shop.done(shop.file("".join(text)), line=21)


@fault(4, "open quote in the header")
def _(shop: Workshop) -> Broken:
    """A quote in the header line is not closed."""
    return shop.done(shop.file(shop.text().replace("Nummer;CPR", 'Nummer;"CPR', 1)), line=1)


@fault(4, "doubled quote in the header")
def _(shop: Workshop) -> Broken:
    """A field of the header begins with two quotes."""
    return shop.done(shop.file(shop.text().replace("Nummer;CPR", 'Nummer;""CPR', 1)), line=1)


@fault(5, "proper quotes")
def _(shop: Workshop) -> Broken:
    """Line breaks, quotes and delimiters stand inside quotes, as they may."""
    shop.put(20, Enhed='Team "Nord"; dør 2', Notat=f'{NAME}\r\nsagde "ja";\n\nså "nej"')
    return shop.done(line=21)


@fault(6, "bare quote")
def _(shop: Workshop) -> Broken:
    """A quote stands in the middle of an unquoted field."""
    text = shop.text().splitlines(keepends=True)
    text[20] = text[20].replace(";Jobcenter;", ';Team "Nord" 2;')
    return shop.done(shop.file("".join(text)), line=21)


@fault(7, "short row")
def _(shop: Workshop) -> Broken:
    """Row 20 has three fields of ten."""
    return shop.lines(21, f"A0020;{shop.cpr};Samtale")


@fault(8, "long row")
def _(shop: Workshop) -> Broken:
    """Row 20 has two fields more than the header."""
    line = shop.text().splitlines()[20]
    return shop.lines(21, f"{line};{NAME};{shop.cpr}")


@fault(9, "another delimiter in three rows")
def _(shop: Workshop) -> Broken:
    """The last three rows have commas where semicolons were agreed."""
    shop.rows = [{**row, "Timer": "7"} for row in shop.rows]
    lines = shop.text().splitlines(keepends=True)
    lines[-3:] = [line.replace(";", ",") for line in lines[-3:]]
    return shop.done(shop.file("".join(lines)), line=len(lines))


@fault(9, "another delimiter in half the rows")
def _(shop: Workshop) -> Broken:
    """From the middle on the rows have commas where semicolons were agreed."""
    shop.rows = [{**row, "Timer": "7"} for row in shop.rows]
    lines = shop.text().splitlines(keepends=True)
    lines[-30:] = [line.replace(";", ",") for line in lines[-30:]]
    return shop.done(shop.file("".join(lines)))


@fault(10, "another delimiter")
def _(shop: Workshop) -> Broken:
    """The whole file has commas."""
    return shop.done(shop.file(shop.text(delimiter=",")), line=1)


@fault(17, "header again")
def _(shop: Workshop) -> Broken:
    """The header line stands once more in the place of row 20."""
    return shop.lines(21, shop.text().splitlines()[0])


@fault(18, "no header")
def _(shop: Workshop) -> Broken:
    """The file begins with its first row."""
    return shop.done(shop.file(shop.text().split("\r\n", 1)[1]), line=1)


@fault(19, "column twice")
def _(shop: Workshop) -> Broken:
    """Two columns have the same name."""
    return shop.done(shop.file(shop.text().replace("Enhed", "Timer", 1)), line=1)


@fault(20, "columns in another order")
def _(shop: Workshop) -> Broken:
    """The columns come last to first."""
    shop.rows = [dict(reversed(row.items())) for row in shop.rows]
    return shop.done()


@fault(21, "column renamed")
def _(shop: Workshop) -> Broken:
    """A required column has nearly its name."""
    return shop.done(shop.file(shop.text().replace("Tidspunkt", "Tidspunktet", 1)), line=1)


@fault(22, "required column missing")
def _(shop: Workshop) -> Broken:
    """The column of the CPR number is not in the file."""
    for row in shop.rows:
        del row["CPR-nr"]
    return shop.done(line=1)


@fault(23, "optional column missing")
def _(shop: Workshop) -> Broken:
    """The optional column of the unit is not in the file."""
    for row in shop.rows:
        del row["Enhed"]
    return shop.done(column="unit")


@fault(24, "column too many")
def _(shop: Workshop) -> Broken:
    """A column that the contract does not name holds something personal."""
    for row in shop.rows:
        row["Diagnose"] = f"{NAME} {shop.cpr}"
    return shop.done()


@fault(25, "type changed in some rows")
def _(shop: Workshop) -> Broken:
    """Three rows tell their hours in words."""
    for number in (10, 20, 30):
        shop.put(number, Timer=f"halv otte, siger {NAME}")
    return shop.done(line=11, column="hours")


@fault(25, "type changed")
def _(shop: Workshop) -> Broken:
    """Every row tells its hours in words."""
    for row in shop.rows:
        row["Timer"] = f"halv otte, siger {NAME}"
    return shop.done(column="hours")


@fault(26, "no byte")
def _(shop: Workshop) -> Broken:
    """The file has no byte."""
    return shop.done(shop.file(b""), n_records=0)


@fault(27, "header only")
def _(shop: Workshop) -> Broken:
    """The file has a header and no row."""
    return shop.done(shop.file(shop.text().split("\r\n")[0] + "\r\n"), n_records=0)


@fault(27, "header only, permitted")
def _(shop: Workshop) -> Broken:
    """One of two tables has no row, and the contract permits it."""
    start = shop.contract.index("    acts:")
    table = shop.contract[start:].replace("acts:", "old_acts:").replace("acts*", "old_acts*")
    shop.contract += table.replace("natural_key", "may_be_empty: yes\n      natural_key")
    empty = shop.file(shop.text().split("\r\n")[0] + "\r\n", "old_acts.csv")
    return shop.done(shop.file(shop.text()), empty)


@fault(28, "web page")
def _(shop: Workshop) -> Broken:
    """The file is the page that asks for a login."""
    page = f"<!DOCTYPE html><html><body>Log ind, {NAME}</body></html>"
    return shop.done(shop.file(page), n_records=0)


@fault(30, "lines in front")
def _(shop: Workshop) -> Broken:
    """Three lines stand in front of the header and the contract does not say so."""
    return shop.done(shop.file(f"Udtræk for {NAME}\r\n\r\n2024\r\n{shop.text()}"), line=1)


@fault(30, "footer")
def _(shop: Workshop) -> Broken:
    """A line that counts the rows stands behind them and the contract does not say so."""
    return shop.done(shop.file(f"{shop.text()}Antal rækker: {len(shop.rows)}\r\n"),
                     line=len(shop.rows) + 2)


def _surrounded(shop: Workshop, told: int) -> Broken:
    shop.agree('delimiter: ";"', 'delimiter: ";"\n      skip_lines: 2\n'
               "      footer: 'Antal rækker: (?P<rows>[0-9]+)'")
    text = f"Udtræk\r\nfor {NAME}\r\n{shop.text()}Antal rækker: {told}\r\n"
    return shop.done(shop.file(text), line=len(shop.rows) + 4)


@fault(30, "lines in front and footer, agreed")
def _(shop: Workshop) -> Broken:
    """Two lines in front and a footer with the number of rows, as the contract says."""
    return _surrounded(shop, len(shop.rows))


@fault(30, "footer with another count")
def _(shop: Workshop) -> Broken:
    """The agreed footer tells of five rows more than there are."""
    return _surrounded(shop, len(shop.rows) + 5)


@fault(31, "sep line")
def _(shop: Workshop) -> Broken:
    """The first line tells a spreadsheet the delimiter."""
    return shop.done(shop.file(f"sep=;\r\n{shop.text()}"), line=3)
