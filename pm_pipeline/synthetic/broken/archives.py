"""Faults of the kind of file: archives, workbooks, bombs, XML that attacks its reader (29, 45, 46)."""

import gzip
import io
import zipfile
import zlib

from pm_pipeline.synthetic.broken.faults import FaultList
from pm_pipeline.synthetic.broken.good import XES_CONTRACT, Broken, Workshop

FAULTS = FaultList()
fault = FAULTS.fault
_MB = 1024 * 1024
_OOXML = "http://schemas.openxmlformats.org"
_MAIN = f"{_OOXML}/spreadsheetml/2006/main"
_OFFICE = f"{_OOXML}/officeDocument/2006/relationships"
_PACKAGE = f"{_OOXML}/package/2006"
_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0"?>'
_SHEET = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{{}}</sheetData></worksheet>'


def _related(kind: str, target: str) -> str:
    return (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


_XLSX_PARTS = {
    "[Content_Types].xml":
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_MIME}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_MIME}.worksheet+xml"/></Types>',
    "_rels/.rels": _related("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml":
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Ark1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _related("worksheet", "worksheets/sheet1.xml"),
}


def _workbook(cells: str, repeat: int = 1) -> bytes:
    """An xlsx file of one sheet whose rows are ``cells``, ``repeat`` times."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _XLSX_PARTS.items():
            archive.writestr(name, text)
        before, after = _SHEET.split("{}")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(before.encode())
            for _ in range(repeat):
                sheet.write(cells.encode())
            sheet.write(after.encode())
    return memory.getvalue()


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def _header_row(shop: Workshop) -> str:
    cells = (_cell(f"{chr(65 + n)}1", name) for n, name in enumerate(shop.rows[0]))
    return f'<row r="1">{"".join(cells)}</row>'


@fault(29, "workbook named csv")
def _(shop: Workshop) -> Broken:
    """An Excel workbook has the name of a CSV file."""
    return shop.done(shop.file(_workbook(_header_row(shop))), n_records=0)


@fault(29, "archive named csv")
def _(shop: Workshop) -> Broken:
    """A gzip archive has the name of a CSV file."""
    return shop.done(shop.file(gzip.compress(shop.text().encode(), mtime=0)), n_records=0)


@fault(45, "gzip bomb")
def _(shop: Workshop) -> Broken:
    """A third of a megabyte unpacks to 320 megabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = (b"x" * 1023 + b"\n") * 1024
    parts = [packer.compress(shop.text().encode()), *(packer.compress(block) for _ in range(320))]
    return shop.done(shop.file(b"".join([*parts, packer.flush()]), "acts.csv.gz"), n_records=0)


@fault(45, "zip bomb")
def _(shop: Workshop) -> Broken:
    """A zip archive of 64 megabytes of zeros, named as a CSV file."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(
        "acts.csv", "w", force_zip64=True
    ) as inner:
        for _ in range(64):
            inner.write(b"0" * _MB)
    return shop.done(shop.file(memory.getvalue()), n_records=0)


@fault(45, "workbook bomb")
def _(shop: Workshop) -> Broken:
    """A workbook of some hundred kilobytes holds a hundred megabytes of cells."""
    shop.agree('files: "acts*.csv"', 'files: "acts*.xlsx"\n      format: xlsx')
    row = f"<row>{_cell('A2', 'x' * 1000)}</row>"
    content = _workbook(_header_row(shop) + row * 500, repeat=200)
    return shop.done(shop.file(content, "acts.xlsx"), n_records=0)


@fault(45, "workbook with a far cell")
def _(shop: Workshop) -> Broken:
    """A workbook of a few kilobytes has a cell in the last column of the last row there can be."""
    shop.agree('files: "acts*.csv"', 'files: "acts*.xlsx"\n      format: xlsx')
    far = f'<row r="1048576">{_cell("XFD1048576", "x")}</row>'
    return shop.done(shop.file(_workbook(_header_row(shop) + far), "acts.xlsx"), n_records=0)


_LOG = '<log><trace><string key="concept:name" value="1"/></trace></log>'


def _log(shop: Workshop, doctype: str) -> Broken:
    shop.contract = XES_CONTRACT
    text = f'<?xml version="1.0"?>\n{doctype}\n{_LOG}'
    return shop.done(shop.file(text, "acts.xes"), n_records=0)


@fault(46, "external entity")
def _(shop: Workshop) -> Broken:
    """An event log whose DOCTYPE asks for a file of the machine."""
    return _log(shop, '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/hostname">]>')


@fault(46, "a billion laughs")
def _(shop: Workshop) -> Broken:
    """An event log whose entities unfold to a billion."""
    lol = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "lol"}{("&l" + str(n - 1) + ";") * 9}">'
        if n else '<!ENTITY l0 "lol">' for n in range(10)
    )
    return _log(shop, f"<!DOCTYPE log [{lol}]>")


@fault(46, "document type alone")
def _(shop: Workshop) -> Broken:
    """An event log with a DOCTYPE that does nothing."""
    return _log(shop, "<!DOCTYPE log>")
