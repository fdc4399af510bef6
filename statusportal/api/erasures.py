"""Having oneself erased, and for administrators: erasing at a customer's word."""

from typing import Any

from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.erasure import wishing
from statusportal.erasure.models import ErasureWish
from statusportal.erasure.queries import done_page, waiting_wishes_page
from statusportal.erasure.vocabulary import OwnWords
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs, personal

erasures = blueprint("Erasures", "Leaving without a trace")

_MINE = "it is about the person alone"


class ErasureWords(Schema):
    """What becomes of what was written: `kept` stays without a name, `gone` leaves tombstones."""

    own_words = fields.String(required=True, validate=validate.OneOf([one.value for one in OwnWords]))


class ErasureAnswer(Schema):
    """An erasure that was asked for, and when it is carried out."""

    own_words = fields.String(allow_none=True)
    asked_at = Instant(allow_none=True)
    due_at = Instant(allow_none=True)


class WaitingErasure(ErasureAnswer):
    """An erasure that waits; `person` or `organisation` says whose, `ordered_by` which administrator ordered it."""

    id = fields.UUID()
    person = fields.UUID(attribute="person_id", allow_none=True)
    organisation = fields.UUID(attribute="erased_organisation_id", allow_none=True)
    ordered_by = fields.UUID(allow_none=True)


class WaitingErasuresAnswer(Schema):
    """A page of erasures that wait, the next due first."""

    items = fields.List(fields.Nested(WaitingErasure))
    next = fields.String(allow_none=True)


class DoneErasure(Schema):
    """A line of the ledger: that somebody was erased, never who."""

    id = fields.UUID()
    kind = fields.String()
    own_words = fields.String()
    asked_at = Instant(attribute="at")


class DoneErasuresAnswer(Schema):
    """A page of the ledger, the last asked for first."""

    items = fields.List(fields.Nested(DoneErasure))
    next = fields.String(allow_none=True)


@erasures.get("/erasures")
@needs(Permission.PERSON_ERASE)
@erasures.arguments(PageQuery, location="query")
@erasures.response(200, WaitingErasuresAnswer)
def list_erasures(asked: dict[str, Any]) -> dict[str, Any]:
    """List whose erasing waits, the next due first."""
    with portal.reading() as work:
        page = waiting_wishes_page(work, slice_of(asked))
    return {"items": page.items, "next": page.next_cursor}


@erasures.get("/erasures/done")
@needs(Permission.PERSON_ERASE)
@erasures.arguments(PageQuery, location="query")
@erasures.response(200, DoneErasuresAnswer)
def list_done_erasures(asked: dict[str, Any]) -> dict[str, Any]:
    """List what was erased: a kind and a day, never whom."""
    with portal.reading() as work:
        page = done_page(work, slice_of(asked))
    return {"items": page.items, "next": page.next_cursor}


@erasures.delete("/erasures/<wish_id>")
@checked_by(Permission.PERSON_ERASE)
@erasures.response(204)
def withdraw_erasure(wish_id: str) -> None:
    """Withdraw an erasure before it is due."""
    with portal.writing() as work:
        wishing.withdraw_erasure(work, parse_id(wish_id))


@erasures.get("/erasure")
@personal(_MINE)
@erasures.response(200, ErasureAnswer)
def my_erasure() -> dict[str, Any]:
    """Show whether I asked to be erased, and when it is due; null when I did not."""
    with portal.reading() as work:
        wish = wishing.find_my_wish(work)
    return {name: getattr(wish, name, None) for name in ("own_words", "asked_at", "due_at")}


@erasures.post("/erasure")
@personal(_MINE)
@erasures.arguments(ErasureWords)
@erasures.response(202, ErasureAnswer)
@erasures.alt_response(403, description="Prove first that it is still you.")
def ask_to_be_erased(wish: dict[str, Any]) -> ErasureWish:
    """Ask to be erased. Until it is due it can be taken back; then nobody can."""
    with portal.writing() as work:
        return wishing.ask_to_be_erased(work, OwnWords(wish["own_words"]))


@erasures.delete("/erasure")
@personal(_MINE)
@erasures.response(204)
@erasures.alt_response(404, description="You did not ask to be erased.")
def take_back_erasure() -> None:
    """Stay after all."""
    with portal.writing() as work:
        wishing.take_back_erasure(work)


@erasures.post("/people/<person_id>/erasure")
@checked_by(Permission.PERSON_ERASE)
@erasures.arguments(ErasureWords)
@erasures.response(202, ErasureAnswer)
def order_erasure_of_person(wish: dict[str, Any], person_id: str) -> ErasureWish:
    """Have a person erased who asked for it, after the days in which it can be withdrawn."""
    with portal.writing() as work:
        return wishing.order_erasure_of_person(work, parse_id(person_id), OwnWords(wish["own_words"]))


@erasures.post("/organisations/<organisation_id>/erasure")
@checked_by(Permission.ORGANISATION_ERASE)
@erasures.arguments(ErasureWords)
@erasures.response(202, ErasureAnswer)
def order_erasure_of_organisation(wish: dict[str, Any], organisation_id: str) -> ErasureWish:
    """Have an organisation erased at its own word, with everybody who belongs to it alone, after days of waiting."""
    with portal.writing() as work:
        return wishing.order_erasure_of_organisation(work, parse_id(organisation_id), OwnWords(wish["own_words"]))
