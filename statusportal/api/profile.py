"""Who I am here: my name, and how I want the screens."""

from typing import Any

from marshmallow import Schema, fields, validate

from statusportal.accounts import service
from statusportal.accounts.models import Person
from statusportal.accounts.queries import myself
from statusportal.accounts.vocabulary import Locale, Theme
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.http import portal
from statusportal.http.policies import personal

profile = blueprint("Profile", "My name, language, look and time zone")

_MINE = "it is about the person alone"


class ProfileAnswer(Schema):
    """Me, as others read me and as I want the screens. Without a time zone the organisation's stands in."""

    id = fields.UUID()
    name = fields.String()
    email = fields.String()
    email_proved_at = Instant(
        allow_none=True,
        metadata={"description": "When it was shown that the address is mine; null: nothing is granted to it."},
    )
    locale = fields.String()
    theme = fields.String()
    time_zone = fields.String(allow_none=True)


class ProfileWords(Schema):
    """What is to be otherwise; what is left out stays. An empty time zone follows the organisation."""

    name = fields.String()
    locale = fields.String(validate=validate.OneOf([one.value for one in Locale]))
    theme = fields.String(validate=validate.OneOf([one.value for one in Theme]))
    time_zone = fields.String(allow_none=True)


@profile.get("/profile")
@personal(_MINE)
@profile.response(200, ProfileAnswer)
def my_profile() -> Person:
    """Show who I am here."""
    with portal.reading() as work:
        return myself(work)


@profile.patch("/profile")
@personal(_MINE)
@profile.arguments(ProfileWords)
@profile.response(200, ProfileAnswer)
def change_profile(wanted: dict[str, Any]) -> Person:
    """Change my name, language, look or time zone."""
    with portal.writing() as work:
        if "name" in wanted:
            service.rename_myself(work, wanted.pop("name"))
        if "time_zone" in wanted:
            wanted["time_zone"] = wanted["time_zone"] or ""
        return service.choose_preferences(work, **wanted)
