"""Asking an owner who may read an entry, and the owner's answer."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.entries import EntryAnswer, present_entries
from statusportal.api.root import blueprint
from statusportal.consent.widening import ask_owner, give_consent, refuse_consent, take_question_back
from statusportal.entries.queries import entry_for
from statusportal.entries.vocabulary import Audience
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.work import Work

consent = blueprint("Consent", "Whom an owner is asked to let read an entry, and the answer")


class ConsentQuestion(Schema):
    """Who else should be able to read it: those the owner lets in (`shared`), or owners of the model (`model`)."""

    audience = fields.Enum(Audience, by_value=True, required=True)


class ConsentReply(Schema):
    """The owner's yes or no."""

    granted = fields.Boolean(required=True)


@consent.post("/entries/<entry_id>/consent")
@checked_by(Permission.ENTRY_PUBLISH)
@consent.arguments(ConsentQuestion)
@consent.response(201, EntryAnswer)
def ask_for_consent(wanted: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Ask the owner to let more people read an entry. Until they answer, nothing is open."""
    with portal.writing() as work:
        return _answer(work, ask_owner(work, parse_id(entry_id), wanted["audience"]).id)


@consent.patch("/entries/<entry_id>/consent")
@checked_by(Permission.ENTRY_CONSENT)
@consent.arguments(ConsentReply)
@consent.response(200, EntryAnswer)
def answer_for_owner(wanted: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Answer for the owner. A yes to the owners of the model is given by sharing what they would see."""
    answer = give_consent if wanted["granted"] else refuse_consent
    with portal.writing() as work:
        return _answer(work, answer(work, parse_id(entry_id)).id)


@consent.delete("/entries/<entry_id>/consent")
@checked_by(Permission.ENTRY_PUBLISH)
@consent.response(200, EntryAnswer)
def ask_no_more(entry_id: str) -> dict[str, Any]:
    """Take the question back."""
    with portal.writing() as work:
        return _answer(work, take_question_back(work, parse_id(entry_id)).id)


def _answer(work: Work, entry_id: UUID) -> dict[str, Any]:
    work.session.flush()
    return present_entries(work, [entry_for(work, entry_id)])[0]
