"""Me too: a machine of mine has the same, and how many others have."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.entries.queries import entry_for
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, signed_in
from statusportal.me_too.queries import NONE_AFFECTED, affected_by
from statusportal.me_too.service import say_me_too, unsay_me_too
from statusportal.me_too.vocabulary import SiteType

me_toos = blueprint("Me too", "Which machines have the same, without telling whose they are")

OWN_MACHINE = "whoever sees an entry says it for a machine of their own, and the verb asks whose that is"


class FirmwareGroup(Schema):
    """So many affected machines with one firmware; groups under five of others' machines are not shown."""

    firmware = fields.String(attribute="kind")
    count = fields.Integer()


class SiteGroup(Schema):
    """So many affected machines at one kind of site, as above."""

    site_type = fields.String(attribute="kind")
    count = fields.Integer()


class AffectedAnswer(Schema):
    """How many other machines have the same, which of them are mine, and what many of them have in common.

    `machines` are all that I may know: mine, or for the operator's people every one.
    """

    count = fields.Integer()
    mine = fields.List(fields.UUID())
    machines = fields.List(fields.UUID())
    by_firmware = fields.List(fields.Nested(FirmwareGroup))
    by_site_type = fields.List(fields.Nested(SiteGroup))


class MeTooRequest(Schema):
    """A machine of mine, of the same model, and at what kind of site it stands if I want to say so."""

    device = fields.UUID(required=True)
    site_type = fields.Enum(SiteType, by_value=True, load_default=None)


class DeviceRequest(Schema):
    """A machine of mine."""

    device = fields.UUID(required=True)


class MeTooAnswer(Schema):
    """What I said, with what my machine looked like then."""

    device = fields.UUID(attribute="device_id")
    said_at = Instant()
    snapshot = fields.Dict()


@me_toos.get("/entries/<entry_id>/me-too")
@checked_by(Permission.ENTRY_VIEW)
@me_toos.response(200, AffectedAnswer)
def read_affected(entry_id: str) -> Any:  # noqa: ANN401 - marshmallow reads it
    """Count who has the same."""
    with portal.reading() as work:
        entry = entry_for(work, parse_id(entry_id))
        return affected_by(work, [entry.id]).get(entry.id, NONE_AFFECTED)


@me_toos.put("/entries/<entry_id>/me-too")
@signed_in(OWN_MACHINE, Permission.COMMENT_POST)
@me_toos.arguments(MeTooRequest)
@me_toos.response(200, MeTooAnswer)
def say(wanted: dict[str, Any], entry_id: str) -> Any:  # noqa: ANN401 - marshmallow reads it
    """Say that a machine of mine has the same; what it looks like is kept with it, for its owner alone."""
    with portal.writing() as work:
        return say_me_too(work, parse_id(entry_id), wanted["device"], wanted["site_type"])


@me_toos.delete("/entries/<entry_id>/me-too")
@signed_in(OWN_MACHINE, Permission.COMMENT_POST)
@me_toos.arguments(DeviceRequest)
@me_toos.response(204)
def unsay(wanted: dict[str, Any], entry_id: str) -> Response:
    """Take it back."""
    with portal.writing() as work:
        unsay_me_too(work, parse_id(entry_id), wanted["device"])
    return Response(status=204)
