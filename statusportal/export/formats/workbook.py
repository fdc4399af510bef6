"""Tables as an Excel workbook, a sheet each, written row by row and never held in memory."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.worksheet import Worksheet

from statusportal.export.formats.cells import text_of
from statusportal.export.vocabulary import Cell, Row, Table

# Source: Excel specifications and limits.
MOST_ROWS = 1_048_576
_LONGEST_CELL = 32_767
_GOES_ON = " […] This cell holds no more; the JSON export holds all of it."
_TIMES = "yyyy-mm-dd hh:mm:ss.000"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def write_workbook(tables: Iterable[Table], path: Path, scratch: Path) -> None:
    """Write the tables to a file; a table longer than a sheet goes on in the next one.

    Shape: times are dates in UTC, numbers are numbers, every text is a text and never a formula or a link.
    """
    with Workbook(str(path), {**_OPTIONS, "tmpdir": str(scratch)}) as book:
        times = book.add_format({"num_format": _TIMES})
        for table in tables:
            _write_table(book, table, times)


def _write_table(book: Workbook, table: Table, times: CellFormat) -> None:
    number = 1
    sheet = _begin_sheet(book, table, number)
    at = 1
    for row in table.rows:
        if at == MOST_ROWS:
            number += 1
            sheet, at = _begin_sheet(book, table, number), 1
        _write_row(sheet, at, row, times)
        at += 1


def _begin_sheet(book: Workbook, table: Table, number: int) -> Worksheet:
    sheet = book.add_worksheet(table.name if number == 1 else f"{table.name} {number}")
    sheet.set_column(0, 0, 24)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column)
    return sheet


def _write_row(sheet: Worksheet, at: int, row: Row, times: CellFormat) -> None:
    for place, cell in enumerate(row):
        _write_cell(sheet, at, place, cell, times)


def _write_cell(sheet: Worksheet, at: int, place: int, cell: Cell, times: CellFormat) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(at, place, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(at, place, cell.astimezone(UTC).replace(tzinfo=None), times)
    else:
        found = text_of(cell)
        if isinstance(found, str):
            whole = len(found) <= _LONGEST_CELL
            sheet.write_string(at, place, found if whole else found[: _LONGEST_CELL - len(_GOES_ON)] + _GOES_ON)
        elif isinstance(found, int) and abs(found) > 2**53:
            sheet.write_string(at, place, str(found))
        else:
            sheet.write_number(at, place, found)
