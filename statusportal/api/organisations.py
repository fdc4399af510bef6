"""What an organisation is called, and in which time zone its days begin."""

from typing import Any

from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.models import Organisation
from statusportal.accounts.queries import organisation_for
from statusportal.accounts.service import change_organisation
from statusportal.api.root import blueprint
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by

organisations = blueprint("Organisations", "Settings of an organisation")

_ZONE = {"description": "An IANA name, such as Europe/Copenhagen: days, months and planned work are in its calendar."}


class OrganisationAnswer(Schema):
    """An organisation as its administrators set it up."""

    id = fields.UUID()
    slug = fields.String()
    name = fields.String()
    time_zone = fields.String(metadata=_ZONE)


class OrganisationChange(Schema):
    """What is to be another; what is left out stays."""

    name = fields.String(load_default=None)
    time_zone = fields.String(load_default=None, metadata=_ZONE)


@organisations.get("/organisations/<organisation_id>")
@checked_by(Permission.ORGANISATION_ADMINISTER)
@organisations.response(200, OrganisationAnswer)
def read_organisation(organisation_id: str) -> Organisation:
    """Read an organisation's settings."""
    with portal.reading() as work:
        row = organisation_for(work, parse_id(organisation_id))
        require(work.actor, Permission.ORGANISATION_ADMINISTER, row.id)
        return row


@organisations.patch("/organisations/<organisation_id>")
@checked_by(Permission.ORGANISATION_ADMINISTER)
@organisations.arguments(OrganisationChange)
@organisations.response(200, OrganisationAnswer)
def keep_organisation(asked: dict[str, Any], organisation_id: str) -> Organisation:
    """Rename an organisation, or move it to another time zone; past days are counted anew in it."""
    with portal.writing() as work:
        row = organisation_for(work, parse_id(organisation_id))
        wanted = {name: getattr(row, name) if asked[name] is None else asked[name] for name in ("name", "time_zone")}
        return change_organisation(work, row.id, wanted["name"], wanted["time_zone"])
