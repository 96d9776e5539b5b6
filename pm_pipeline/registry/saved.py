"""How a seed was saved: what a spreadsheet program does to a file that it opened and saved again."""

import codecs

from pm_pipeline.registry.findings import Finding

_AS_IT_SHOULD = "UTF-8 text without byte order mark, a comma between the cells"
_HOW_TO_SAVE = (
    "a spreadsheet program saved it so: take the file back (git checkout) and edit it in a text "
    "editor, or save it from LibreOffice with 'Edit filter settings', Unicode (UTF-8), field delimiter "
    "comma; Excel with Danish settings writes semicolons whatever you choose"
)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_of(
    content: bytes, file: str, columns: tuple[str, ...], findings: list[Finding]
) -> str | None:
    """The text of a seed, or None and one finding that says everything that is wrong with its form."""
    if content.startswith(_UTF_16):
        findings.append(_finding(file, ["UTF-16"], 1))
        return None
    faults, line = [], 1
    if content.startswith(codecs.BOM_UTF8):
        faults.append("a byte order mark")
        content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        # Danish letters of Excel's plain CSV; every byte has a meaning there or in Latin-1
        line = content.count(b"\n", 0, error.start) + 1
        faults.append(f"letters in another encoding, Windows-1252 probably (first in line {line})")
        text = content.decode("latin-1")
    faults += _separators(text, columns)
    if not faults:
        return text
    findings.append(_finding(file, faults, line))
    return None


def _separators(text: str, columns: tuple[str, ...]) -> list[str]:
    """What stands between the cells of the header in the place of commas."""
    header = text.partition("\n")[0].rstrip("\r")
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        names = {cell.strip('"') for cell in header.split(sign)}
        if len(names) > 1 and names & set(columns):
            return [f"{name} between the cells"]
    return []


def _finding(file: str, faults: list[str], line: int) -> Finding:
    return Finding(file, _AS_IT_SHOULD, " and ".join(faults), _HOW_TO_SAVE, line=line)
