"""From a connection's rows to what its page draws."""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from statusportal.connections.models import Connection
from statusportal.connections.queries import happenings_of, unknown_serials_of
from statusportal.connections.testing import Look
from statusportal.connections.vocabulary import ConnectionState as Stands
from statusportal.connections.vocabulary import HappeningKind
from statusportal.foundation.paging import Slice
from statusportal.http.sentences import translated
from statusportal.http.views.connections import (
    ConflictRow,
    ConnectionRow,
    ConnectionState,
    Count,
    GapRow,
    RefusedRow,
    TestResult,
    TestStep,
    UnknownSerial,
)
from statusportal.overview.connections import conflicts_of
from statusportal.work import Work

_STATES: dict[Stands, ConnectionState] = {
    Stands.STOPPED: "stopped",
    Stands.CONNECTING: "connecting",
    Stands.CONNECTED: "running",
    Stands.FAILED: "failing",
}
_SAMPLES_SHOWN = 20
_SHOWN = Slice(limit=200)


def row_of(row: Connection, organisation: str) -> ConnectionRow:
    """Draw a connection as a line of the list."""
    return ConnectionRow(
        id=str(row.id),
        name=row.name,
        adapter=row.adapter,
        organisation=organisation,
        state=_state(row),
        samples=row.accepted,
        last_sample_at=row.last_heard_at,
        problem=_problem(row),
    )


def standing(row: Connection) -> dict[str, Any]:
    """Give state, trouble and counters, as the page takes them."""
    return {
        "state": _state(row),
        "problem": _problem(row),
        "problem_at": row.last_error_at,
        "counts": (
            Count(_("Accepted"), row.accepted),
            Count(_("Duplicates"), row.duplicates),
            Count(_("Conflicts"), row.conflicts),
            Count(_("Rejected"), row.rejected),
        ),
    }


def happened(work: Work, row: Connection) -> dict[str, Any]:
    """Give gaps, refused messages, conflicts and unknown serial numbers, as the page takes them."""
    lines = happenings_of(work, row, _SHOWN).items
    gaps = [
        GapRow(one.from_at, one.at, translated(one.detail))
        for one in lines
        if one.kind == HappeningKind.GAP and one.from_at is not None
    ]
    if row.state == Stands.FAILED:
        gaps.insert(0, GapRow(row.state_since, None, translated(row.last_error)))
    refused = {HappeningKind.REFUSED, HappeningKind.TOPIC_REFUSED}
    return {
        "gaps": tuple(gaps),
        "refused": tuple(
            RefusedRow(one.at, translated(one.detail), one.topic, one.excerpt) for one in lines if one.kind in refused
        ),
        "conflicts": tuple(
            ConflictRow(one.serial, one.signal, one.at, one.kept, one.refused)
            for one in conflicts_of(work, row, _SHOWN).items
        ),
        "unknown": tuple(
            UnknownSerial(
                one.serial,
                one.first_at,
                one.samples,
                url_for("admin.new_device", serial=one.serial, organisation=row.organisation_id),
            )
            for one in unknown_serials_of(work, row, _SHOWN).items
        ),
    }


def test_result(look: Look, at: datetime) -> TestResult:
    """Draw what a test saw."""
    steps = [TestStep(_("Connected"), translated(look.problem) or look.address, is_ok=not look.problem)]
    steps += [TestStep(translated(note), "", is_ok=True) for note in look.notes]
    samples = tuple(
        (one.serial or "", one.signal, f"{one.value} {one.unit or ''}".rstrip())
        for one in look.readings[:_SAMPLES_SHOWN]
    )
    return TestResult(at, look.took_s, tuple(steps), samples)


def _state(row: Connection) -> ConnectionState:
    return _STATES[Stands(row.state)]


def _problem(row: Connection) -> str:
    return translated(row.last_error) if row.state == Stands.FAILED else ""
