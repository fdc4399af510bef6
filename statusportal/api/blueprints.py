"""The list of the API's blueprints: a new family is added here."""

from typing import Any

from statusportal.api.audit import audit
from statusportal.api.claims import claims
from statusportal.api.comments import comments
from statusportal.api.devices import devices
from statusportal.api.entries import entries
from statusportal.api.erasures import erasures
from statusportal.api.exports import exports
from statusportal.api.labels import labels
from statusportal.api.search import searching
from statusportal.api.session import sessions
from statusportal.api.takeouts import takeouts
from statusportal.api.telemetry import telemetry

API_BLUEPRINTS: list[Any] = [
    devices,
    sessions,
    entries,
    comments,
    searching,
    audit,
    telemetry,
    exports,
    claims,
    labels,
    takeouts,
    erasures,
]
