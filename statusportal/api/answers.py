"""Answers: which comment answered an entry, and the fixes that came of it."""

from collections.abc import Iterable
from typing import Any

from flask import Response
from marshmallow import Schema, ValidationError, fields, validates_schema

from statusportal.access.permissions import Permission
from statusportal.answers.accepting import accept_answer, unaccept_answer
from statusportal.answers.fixing import apply_answer, take_back_fix
from statusportal.answers.models import AcceptedAnswer, AppliedFix
from statusportal.answers.queries import fixes_of
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.entries.queries import entry_for
from statusportal.foundation.clock import from_ms
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.knowledge.trying import apply_to

answers = blueprint("Answers", "What answered an entry, and whether the machine confirms it")


class AcceptedAnswerShape(Schema):
    """With which badge somebody accepted a comment as the answer, and when."""

    by = fields.String(allow_none=True)
    at = Instant()


class CycleAnswer(Schema):
    """How far a counter of the machine went on while it was clear."""

    signal = fields.String()
    count = fields.Integer()


class ProofAnswer(Schema):
    """What the machine was seen to do while it was clear."""

    from_ = Instant(data_key="from")
    to = Instant()
    samples = fields.Integer()
    cycles = fields.List(fields.Nested(CycleAnswer))


class FixAnswer(Schema):
    """A fix that was applied: watched, confirmed by the machine, or relapsed. `role` is the badge of who said so."""

    id = fields.UUID()
    comment = fields.UUID(allow_none=True, attribute="comment_id")
    article = fields.UUID(allow_none=True, attribute="article_id")
    state = fields.String()
    role = fields.String(allow_none=True)
    applied_at = Instant()
    clear_since = Instant()
    due_at = Instant()
    decided_at = Instant(allow_none=True)
    proof = fields.Nested(ProofAnswer, allow_none=True)


class FixList(Schema):
    """Everything that was applied on an entry, oldest first."""

    items = fields.List(fields.Nested(FixAnswer))


class FixRequest(Schema):
    """What was done on the machine: an accepted answer of the entry, or an article."""

    comment = fields.UUID()
    article = fields.UUID()

    @validates_schema
    def _one_of_them(self, data: dict[str, Any], **_kwargs: Any) -> None:  # noqa: ANN401 - marshmallow's signature
        if len(data) != 1:
            raise ValidationError("names either a comment or an article")


@answers.post("/comments/<comment_id>/accept")
@checked_by(Permission.ANSWER_ACCEPT)
@answers.response(200, AcceptedAnswerShape)
def accept(comment_id: str) -> dict[str, Any]:
    """Say that a comment answers its entry; several may. Said twice it counts once."""
    with portal.writing() as work:
        return present_accepted(accept_answer(work, parse_id(comment_id)))


@answers.delete("/comments/<comment_id>/accept")
@checked_by(Permission.ANSWER_ACCEPT)
@answers.response(204)
def unaccept(comment_id: str) -> Response:
    """Say that a comment is the answer no more."""
    with portal.writing() as work:
        unaccept_answer(work, parse_id(comment_id))
    return Response(status=204)


@answers.get("/entries/<entry_id>/fixes")
@checked_by(Permission.ENTRY_VIEW)
@answers.response(200, FixList)
def list_fixes(entry_id: str) -> dict[str, Any]:
    """List what was applied on an entry, and what the machine says of it."""
    with portal.reading() as work:
        return {"items": present_fixes(fixes_of(work, entry_for(work, parse_id(entry_id))))}


@answers.post("/entries/<entry_id>/fixes")
@checked_by(Permission.FIX_APPLY)
@answers.arguments(FixRequest)
@answers.response(201, FixAnswer)
def apply_fix(wanted: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Note that an answer or an article was done on the machine, which is watched from now on."""
    with portal.writing() as work:
        if "article" in wanted:
            fix = apply_to(work, parse_id(entry_id), wanted["article"])
        else:
            fix = apply_answer(work, parse_id(entry_id), wanted["comment"])
        return present_fixes([fix])[0]


@answers.delete("/entries/<entry_id>/fixes")
@checked_by(Permission.FIX_APPLY)
@answers.response(204)
def take_back(entry_id: str) -> Response:
    """Say that what is watched was not applied after all."""
    with portal.writing() as work:
        take_back_fix(work, parse_id(entry_id))
    return Response(status=204)


def present_accepted(row: AcceptedAnswer) -> dict[str, Any]:
    """Present what a comment carries where it was accepted: by which badge and when, no name."""
    return {"by": row.role, "at": row.at}


def present_fixes(rows: Iterable[AppliedFix]) -> list[dict[str, Any]]:
    """Present fixes with their proof."""
    plain = ("id", "comment_id", "article_id", "state", "role", "applied_at", "clear_since", "due_at", "decided_at")
    return [{**{name: getattr(row, name) for name in plain}, "proof": _proof(row)} for row in rows]


def _proof(row: AppliedFix) -> dict[str, Any] | None:
    if row.proof is None:
        return None
    span = {"from_": from_ms(row.proof["from_ms"]), "to": from_ms(row.proof["to_ms"])}
    return {**span, "samples": row.proof["samples"], "cycles": row.proof["cycles"]}
