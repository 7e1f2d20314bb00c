"""
A real Excel file, written row by row, that does nothing by itself when it is opened.

What people wrote goes in as text, always: a cell that begins as a formula does
would be run by the reader's Excel, or by whatever the file is turned into later.

openpyxl is 12 MB, which a process has only once it writes a file.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from bot.reports.sheet import Kind, Sheet, Value

LONGEST_CELL = 32_767
CUT = "…（太长，截断）"
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What Excel reads as a character's number, where people only typed it.
LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOMENT = "yyyy-mm-dd hh:mm"


def write(
    target: Path | IO[bytes],
    sheet: Sheet,
    rows: Iterable[Sequence[Value]],
    *,
    about: Sequence[tuple[str, str]],
    zone: ZoneInfo,
) -> int:
    """
    Write the file: the rows under a header that stays, and a sheet that says what it is.

    Moments are written as the clocks of *zone* show them.  Returns the number of rows.
    """
    book = Workbook(write_only=True)
    page: Any = book.create_sheet(sheet.title)  # its stubs leave out half of it
    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    page.append([_header(page, column.header) for column in sheet.columns])
    count = 0
    for row in rows:
        count += 1
        pairs = zip(sheet.columns, row, strict=True)
        page.append([_cell(page, column.kind, value, zone) for column, value in pairs])
    last = get_column_letter(len(sheet.columns))
    page.auto_filter.ref = f"A1:{last}{count + 1}"
    _about(book, about)
    book.save(target)
    return count


def safe(text: str) -> str:
    """Return the text as a cell may hold it: legal, not too long, and never a formula."""
    legal = NOT_IN_XML.sub("\ufffd", text.replace("\r\n", "\n"))
    # An apostrophe keeps it text also where the sheet is saved in another form.
    kept = f"'{legal}" if legal.startswith(STARTS_A_FORMULA) else legal
    escaped = LOOKS_ESCAPED.sub("_x005F_", kept.replace("\r", "\n"))
    if len(escaped) > LONGEST_CELL:
        return escaped[: LONGEST_CELL - len(CUT)] + CUT
    return escaped


def _cell(page: WriteOnlyWorksheet, kind: Kind, value: Value, zone: ZoneInfo) -> Cell | None:
    if value is None:
        return None
    if kind == Kind.MOMENT and isinstance(value, datetime):
        # Excel knows no time zones.
        cell = WriteOnlyCell(page, value=value.astimezone(zone).replace(tzinfo=None))
        cell.number_format = MOMENT
        return cell
    if kind == Kind.NUMBER and isinstance(value, int | float):
        return WriteOnlyCell(page, value=value)
    return _text(page, str(value))


def _text(page: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(page, value=safe(text))
    cell.data_type = "s"  # the library would make a formula of what begins like one
    return cell


def _header(page: WriteOnlyWorksheet, text: str) -> Cell:
    cell = _text(page, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _about(book: Workbook, lines: Sequence[tuple[str, str]]) -> None:
    page: Any = book.create_sheet("说明")
    page.column_dimensions["A"].width = 16
    page.column_dimensions["B"].width = 80
    for label, text in lines:
        page.append([_header(page, label), _text(page, text)])
