"""Sheets of labels and slips as PDF, black on white, with their letters inside, and the symbol for a page.

Two functions and two types: a label has no place for a secret, a slip has none for an address.
Units: millimetres on paper, modules inside a symbol.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from statusportal.labels.lettering import BOLD, PLAIN, register_letters, spelled
from statusportal.labels.vocabulary import Grid, Label, Slip
from statusportal.labels.wording import PrintedWords

# The symbol: a quiet zone of 4 modules, a frame of 1, and a triangle of 6 in the corner at the lower right.
# Source: IEC 61406-1:2022, 5.5 (quiet zone) and 5.8 (frame), as drawn in DIN SPEC 91406.
QUIET, FRAME, CORNER = 4, 1, 6
MARGIN = QUIET + FRAME

# A line's height in millimetres for each point of its letters: 1.35 times their size.
_LINE = 0.48
_SMALLEST = 5.0
_PADDING_MM = 3.0
_SYMBOL_SHARE = 0.46
_SLIP = Grid(columns=1, rows=4, width_mm=180, height_mm=64, left_mm=15, top_mm=16, step_x_mm=180, step_y_mm=67)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A square of dark and light modules; `runs` are (column, row, length) of dark ones, the top row first."""

    side: int
    runs: tuple[tuple[int, int, int], ...]

    @property
    def path(self) -> str:
        """Return the dark modules as the data of an SVG path, a module a unit."""
        return "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in self.runs)


def symbol_of(address: str) -> Symbol:
    """Return an address as a QR code that survives a quarter of its area being scratched."""
    code = segno.make_qr(address, error="q", boost_error=False)
    rows = [bytes(row) for row in code.matrix]
    return Symbol(len(rows), tuple(run for y, row in enumerate(rows) for run in _runs(row, y)))


def label_sheets(labels: Sequence[Label], grid: Grid, words: PrintedWords) -> bytes:
    """Draw labels on as many sheets as they need; without labels one empty sheet."""
    sheet = _Sheet(words.labels)
    for label, (left, top) in zip(labels, _places(sheet, grid, len(labels)), strict=True):
        sheet.border(left, top, grid)
        side = min(grid.height_mm - 2 * _PADDING_MM, grid.width_mm * _SYMBOL_SHARE)
        sheet.symbol(symbol_of(label.address), left + _PADDING_MM, top + (grid.height_mm - side) / 2, side)
        beside = left + 2 * _PADDING_MM + side
        room = grid.width_mm - side - 3 * _PADDING_MM
        down = top + grid.height_mm * 0.18
        down = sheet.line(label.model, beside, down, room, 10, BOLD)
        down = sheet.line(label.serial, beside, down, room, 9, PLAIN)
        down = sheet.line(label.maker, beside, down, room, 7, PLAIN)
        sheet.prose(words.scan, beside, down + 1, room, 6.5)
    return sheet.finished()


def claim_slips(slips: Sequence[Slip], place: str, words: PrintedWords) -> bytes:
    """Draw slips to cut apart. `place` is where the secret is typed: a page of the portal, no machine's address."""
    sheet = _Sheet(words.slips)
    for slip, (left, top) in zip(slips, _places(sheet, _SLIP, len(slips)), strict=True):
        sheet.border(left, top, _SLIP, dashes=(3, 2))
        x, room = left + 8, _SLIP.width_mm - 16
        down = sheet.line(words.claim_secret, x, top + 7, room, 10, BOLD)
        down = sheet.line(slip.secret, x, down, room, 19, BOLD)
        down = sheet.line(f"{words.for_machine}: {slip.model} {slip.serial}, {slip.maker}", x, down + 3, room, 9, PLAIN)
        down = sheet.line(f"{words.works}: {words.once_until % slip.works_until}", x, down, room, 9, PLAIN)
        down = sheet.prose(words.how % place, x, down + 3, room, 8)
        sheet.prose(words.keep_apart, x, down, room, 8)
    return sheet.finished()


class _Sheet:
    """Paper with the origin at the upper left; it says nothing of the clock, so the same labels are the same bytes."""

    def __init__(self, title: str) -> None:
        register_letters()
        self._kept = BytesIO()
        self._canvas = Canvas(self._kept, pagesize=A4, invariant=1, lang=None)
        self._canvas.setTitle(title)

    def next(self) -> None:
        self._canvas.showPage()

    def finished(self) -> bytes:
        self._canvas.showPage()
        self._canvas.save()
        return self._kept.getvalue()

    def border(self, left: float, top: float, grid: Grid, dashes: tuple[int, ...] = ()) -> None:
        self._canvas.setLineWidth(0.3)
        self._canvas.setStrokeGray(0.6)
        self._canvas.setDash(*(dashes,) if dashes else ())
        self._canvas.roundRect(left * mm, self._up(top + grid.height_mm), grid.width_mm * mm, grid.height_mm * mm, mm)

    def symbol(self, symbol: Symbol, left: float, top: float, side: float) -> None:
        """Draw a symbol with its frame and corner into a square."""
        whole = symbol.side + 2 * MARGIN
        unit = side / whole
        self._canvas.setFillGray(0)
        for x, y, length in symbol.runs:
            self._box(left + (MARGIN + x) * unit, top + (MARGIN + y) * unit, length * unit, unit)
        for x, y, width, height in (
            (0, 0, whole, FRAME),
            (0, whole - FRAME, whole, FRAME),
            (0, 0, FRAME, whole),
            (whole - FRAME, 0, FRAME, whole),
        ):
            self._box(left + x * unit, top + y * unit, width * unit, height * unit)
        corner = self._canvas.beginPath()
        right, low = left + side, top + side
        corner.moveTo(right * mm, self._up(low - (CORNER + FRAME) * unit))
        corner.lineTo(right * mm, self._up(low))
        corner.lineTo((right - (CORNER + FRAME) * unit) * mm, self._up(low))
        corner.close()
        self._canvas.drawPath(corner, stroke=0, fill=1)

    def line(self, text: str, left: float, down: float, room: float, size: float, font: str) -> float:
        """Write one line, smaller where it would not fit and cut where it still would not; return where to go on."""
        words, height = spelled(text, font), size * _LINE
        while size > _SMALLEST and pdfmetrics.stringWidth(words, font, size) > room * mm:
            size -= 0.5
        while len(words) > 1 and pdfmetrics.stringWidth(words, font, size) > room * mm:
            words = words[:-2].rstrip() + "…"
        self._write(words, left, down + height, size, font)
        return down + height

    def prose(self, text: str, left: float, down: float, room: float, size: float) -> float:
        """Write a sentence over as many lines as it needs; return where to go on."""
        for words in simpleSplit(spelled(text, PLAIN), PLAIN, size, room * mm):
            down += size * _LINE
            self._write(words, left, down, size, PLAIN)
        return down

    def _write(self, words: str, left: float, base: float, size: float, font: str) -> None:
        self._canvas.setFillGray(0)
        self._canvas.setFont(font, size)
        self._canvas.drawString(left * mm, self._up(base), words)

    def _box(self, left: float, top: float, width: float, height: float) -> None:
        self._canvas.rect(left * mm, self._up(top + height), width * mm, height * mm, stroke=0, fill=1)

    def _up(self, down: float) -> float:
        return float(A4[1] - down * mm)


def _places(sheet: _Sheet, grid: Grid, count: int) -> Iterator[tuple[float, float]]:
    """Give the upper left corner of each label, and turn to a new sheet where one is full."""
    for index in range(count):
        row, column = divmod(index % grid.per_sheet, grid.columns)
        if index and not index % grid.per_sheet:
            sheet.next()
        yield grid.left_mm + column * grid.step_x_mm, grid.top_mm + row * grid.step_y_mm


def _runs(row: bytes, y: int) -> Iterator[tuple[int, int, int]]:
    start = None
    for x, is_dark in enumerate([*row, 0]):
        if is_dark and start is None:
            start = x
        elif not is_dark and start is not None:
            yield start, y, x - start
            start = None
