"""A device's report as PDF, for reading: status in words, the conversation, and each signal summed up.

Everything flows as paragraphs, which break over pages wherever they must: nothing is cut, however long it is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

from statusportal.export.formats.cells import text_of
from statusportal.export.formats.summary import Summary, summaries
from statusportal.export.vocabulary import Cell, DeviceTable, Table
from statusportal.labels.lettering import BOLD, PLAIN, register_letters, spelled
from statusportal.prose.markdown import plain_text

_MARGIN = 18 * mm
_STYLES = {
    "title": ParagraphStyle("title", fontName=BOLD, fontSize=17, leading=23, spaceAfter=4),
    "heading": ParagraphStyle("heading", fontName=BOLD, fontSize=12, leading=17, spaceBefore=12, keepWithNext=1),
    "item": ParagraphStyle("item", fontName=BOLD, fontSize=9.5, leading=13, spaceBefore=7),
    "text": ParagraphStyle("text", fontName=PLAIN, fontSize=9, leading=12.5),
    "reply": ParagraphStyle("reply", fontName=PLAIN, fontSize=9, leading=12.5, leftIndent=6 * mm, spaceBefore=3),
}
_LETTERS = "Letters that this print lacks are shown as their nearest or as a question mark; the JSON export holds them."


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What stands over a report. Shape: a period without an end lasts; `begin` and `end` bound what was asked for."""

    name: str
    model: str
    serial: str
    site: str
    made_at: datetime
    periods: Sequence[tuple[datetime, datetime | None]]
    begin: datetime | None
    end: datetime | None


def write_report(head: ReportHead, tables: Sequence[Table], path: Path) -> None:
    """Write the report to a file. `tables` are all of a device's, each read once."""
    register_letters()
    named = {DeviceTable(one.name): one for one in tables}
    story = [*_head(head), *_status(named), *_entries(named), *_signals(named)]
    paper = SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=f"{head.name} ({head.serial})",
        lang="en",
    )
    paper.build(story, onFirstPage=_number, onLaterPages=_number)


def _head(head: ReportHead) -> Iterator[Flowable]:
    yield _printed("title", head.name)
    yield _printed("text", f"Model: {head.model}")
    yield _printed("text", f"Serial: {head.serial}")
    if head.site:
        yield _printed("text", f"Site: {head.site}")
    begin = _moment(head.begin) if head.begin else "the beginning"
    yield _printed("text", f"Asked for: {begin} to {_moment(head.end or head.made_at)}")
    for from_at, to_at in head.periods:
        yield _printed("text", f"Period: {_moment(from_at)} to {_moment(to_at) if to_at else 'now'}")
    yield _printed(
        "text",
        f"Made: {_moment(head.made_at)}. Times are in UTC; within a sentence they are as written then. {_LETTERS}",
    )


def _status(named: Mapping[DeviceTable, Table]) -> Iterator[Flowable]:
    yield _printed("heading", "Status")
    is_empty = True
    for row in named[DeviceTable.STATUS].records():
        is_empty = False
        until = _moment(row["to"]) if row["to"] else "now"
        health, connectivity = (_words(row[one]) for one in ("health", "connectivity"))
        yield _printed("item", f"{_moment(row['from'])} to {until}: {health}, {connectivity.lower()}")
        yield _printed("text", text_of(row["cause"]))
    if is_empty:
        yield _printed("text", "Nothing is known of this time.")


def _entries(named: Mapping[DeviceTable, Table]) -> Iterator[Flowable]:
    yield _printed("heading", "Entries and comments")
    entries = list(named[DeviceTable.ENTRIES].records())
    comments = defaultdict(list)
    for row in named[DeviceTable.COMMENTS].records():
        comments[row["entry_id"]].append(row)
    for entry in entries:
        yield _printed("item", entry["title"])
        signs = (_moment(entry["opened_at"]), _author(entry), *(_words(entry[one]) for one in ("kind", "lifecycle")))
        yield _printed("text", ", ".join(signs))
        yield _printed("text", plain_text(str(entry["body_markdown"] or "")))
        for comment in comments[entry["id"]]:
            is_gone = comment["state"] == "deleted"
            words = "Deleted." if is_gone else plain_text(str(comment["body_markdown"] or ""))
            yield _printed("reply", f"{_moment(comment['created_at'])}, {_author(comment)}:\n{words}")
    if not entries:
        yield _printed("text", "There are none.")


def _signals(named: Mapping[DeviceTable, Table]) -> Iterator[Flowable]:
    yield _printed("heading", "Signals")
    found = summaries(named[DeviceTable.SAMPLES].rows)
    for signal, summary in found.items():
        yield _printed("item", f"{signal} ({summary.unit})" if summary.unit else signal)
        yield _printed("text", _figures(summary))
    if not found:
        yield _printed("text", "There are no values.")


def _figures(summary: Summary) -> str:
    told = [f"Count {summary.count}"]
    if summary.numbers:
        told += [f"min {summary.least:.6g}", f"mean {summary.mean:.6g}", f"max {summary.most:.6g}"]
    last = f"{summary.last:.6g}" if isinstance(summary.last, float) else str(text_of(summary.last))
    return ", ".join([*told, f"last {last} at {_moment(summary.last_at)}"])


def _author(row: Mapping[str, Cell]) -> str:
    return str(row["author"] or "the portal")


def _words(code: Cell) -> str:
    return str(code or "").replace("_", " ").capitalize()


def _moment(at: Cell) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if isinstance(at, datetime) else ""


def _printed(style: str, text: object) -> Paragraph:
    """Return a text as a paragraph that is read as nothing but text: no mark of it means anything."""
    chosen = _STYLES[style]
    lines = (escape(spelled(line, chosen.fontName)) for line in str(text).splitlines())
    return Paragraph("<br/>".join(lines), chosen)


def _number(canvas: Canvas, paper: Any) -> None:  # noqa: ANN401 - the library publishes no types
    canvas.setFont(PLAIN, 8)
    canvas.drawRightString(A4[0] - _MARGIN, 10 * mm, str(paper.page))
