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
from statusportal.export.vocabulary import Cell, DeviceTable, Table, Voice
from statusportal.foundation.errors import Sentence
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
_LETTERS = Sentence(
    "Letters that this print lacks are shown as their nearest or as a question mark; the JSON export holds them."
)


_NOW = Sentence("now")


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


def write_report(head: ReportHead, tables: Sequence[Table], path: Path, voice: Voice) -> None:
    """Write the report to a file, in the reader's language. `tables` are all of a device's, each read once."""
    register_letters()
    named = {DeviceTable(one.name): one for one in tables}
    story = [*_head(head, voice), *_status(named, voice), *_entries(named, voice), *_signals(named, voice)]
    paper = SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=f"{head.name} ({head.serial})",
        lang=voice.locale,
    )
    paper.build(story, onFirstPage=_number, onLaterPages=_number)


def _head(head: ReportHead, voice: Voice) -> Iterator[Flowable]:
    say = voice.say
    yield _printed("title", head.name)
    yield _printed("text", say(Sentence("Model: %(model)s", model=head.model)))
    yield _printed("text", say(Sentence("Serial: %(serial)s", serial=head.serial)))
    if head.site:
        yield _printed("text", say(Sentence("Site: %(site)s", site=head.site)))
    begin = _moment(head.begin) if head.begin else say(Sentence("the beginning"))
    end = _moment(head.end or head.made_at)
    yield _printed("text", say(Sentence("Asked for: %(begin)s to %(end)s", begin=begin, end=end)))
    for from_at, to_at in head.periods:
        until = _moment(to_at) if to_at else say(_NOW)
        yield _printed("text", say(Sentence("Period: %(begin)s to %(end)s", begin=_moment(from_at), end=until)))
    made = Sentence(
        "Made: %(time)s. Times are in UTC; within a sentence they are as written then.", time=_moment(head.made_at)
    )
    yield _printed("text", f"{say(made)} {say(_LETTERS)}")


def _status(named: Mapping[DeviceTable, Table], voice: Voice) -> Iterator[Flowable]:
    yield _printed("heading", voice.say(Sentence("Status")))
    is_empty = True
    for row in named[DeviceTable.STATUS].records():
        is_empty = False
        until = _moment(row["to"]) if row["to"] else voice.say(_NOW)
        health, connectivity = (voice.word(one, str(row[one] or "")) for one in ("health", "connectivity"))
        span = Sentence("%(begin)s to %(end)s", begin=_moment(row["from"]), end=until)
        yield _printed("item", f"{voice.say(span)}: {health}, {connectivity.lower()}")
        yield _printed("text", text_of(row["cause"]))
    if is_empty:
        yield _printed("text", voice.say(Sentence("Nothing is known of this time.")))


def _entries(named: Mapping[DeviceTable, Table], voice: Voice) -> Iterator[Flowable]:
    yield _printed("heading", voice.say(Sentence("Entries and comments")))
    entries = list(named[DeviceTable.ENTRIES].records())
    comments = defaultdict(list)
    for row in named[DeviceTable.COMMENTS].records():
        comments[row["entry_id"]].append(row)
    for entry in entries:
        yield _printed("item", entry["title"])
        words = (voice.word(one, str(entry[one] or "")) for one in ("kind", "lifecycle"))
        yield _printed("text", ", ".join((_moment(entry["opened_at"]), _author(entry, voice), *words)))
        yield _printed("text", plain_text(str(entry["body_markdown"] or "")))
        for comment in comments[entry["id"]]:
            is_gone = comment["state"] == "deleted"
            said = voice.say(Sentence("Deleted.")) if is_gone else plain_text(str(comment["body_markdown"] or ""))
            yield _printed("reply", f"{_moment(comment['created_at'])}, {_author(comment, voice)}:\n{said}")
    if not entries:
        yield _printed("text", voice.say(Sentence("There are none.")))


def _signals(named: Mapping[DeviceTable, Table], voice: Voice) -> Iterator[Flowable]:
    yield _printed("heading", voice.say(Sentence("Signals")))
    found = summaries(named[DeviceTable.SAMPLES].rows)
    for signal, summary in found.items():
        yield _printed("item", f"{signal} ({summary.unit})" if summary.unit else signal)
        yield _printed("text", _figures(summary, voice))
    if not found:
        yield _printed("text", voice.say(Sentence("There are no values.")))


def _figures(summary: Summary, voice: Voice) -> str:
    told = [Sentence("Count %(count)s", count=summary.count)]
    if summary.numbers:
        told += [
            Sentence("min %(value)s", value=voice.number(summary.least)),
            Sentence("mean %(value)s", value=voice.number(summary.mean)),
            Sentence("max %(value)s", value=voice.number(summary.most)),
        ]
    last = voice.number(summary.last) if isinstance(summary.last, float) else str(text_of(summary.last))
    told.append(Sentence("last %(value)s at %(time)s", value=last, time=_moment(summary.last_at)))
    return ", ".join(map(voice.say, told))


def _author(row: Mapping[str, Cell], voice: Voice) -> str:
    return str(row["author"] or voice.say(Sentence("the portal")))


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
