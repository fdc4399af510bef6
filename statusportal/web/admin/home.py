"""The way into the administration."""

from flask import Response, make_response, redirect, url_for

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.http import portal
from statusportal.http.policies import needs
from statusportal.web.admin.blueprint import admin

_WAYS = (
    (Permission.MEMBER_INVITE, "admin.people"),
    (Permission.MODEL_ADMINISTER, "admin.models"),
    (Permission.AUDIT_VIEW, "admin.audit"),
)


@admin.get("/")
@needs(*(permission for permission, _ in _WAYS))
def home() -> Response:
    """Go to the first pages of the administration that are open to the reader."""
    for permission, endpoint in _WAYS:
        if actor_holds(portal.actor(), permission, None):
            return make_response(redirect(url_for(endpoint), 303))
    require(portal.actor(), Permission.MEMBER_INVITE)
    return make_response("", 204)
