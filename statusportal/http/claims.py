"""Taking a machine with its secret, shared by the page and the API."""

from uuid import UUID

from flask import request

from statusportal.access.actor import SYSTEM
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.claims.claiming import claim_device, record_refused_claim
from statusportal.claims.errors import ClaimRefused
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.http import portal
from statusportal.http.retries import keep_place


def claim(secret: str, organisation_id: UUID | None) -> UUID:
    """Take a machine for an organisation of the reader's, their only one if none is named, and return its id.

    Raises: Forbidden, Invalid, ClaimRefused, which is in the audit log by then, TooMany, DeviceHasOwner.
    """
    works, claimer = portal.works(), portal.actor()
    taker = _taker(organisation_id)
    try:
        with works.writing(SYSTEM) as work:
            keep_place(work)
            return claim_device(work, secret, claimer, taker, request.remote_addr or "")
    except ClaimRefused:
        with works.writing(claimer) as work:
            record_refused_claim(work)
        raise


def _taker(wanted: UUID | None) -> UUID:
    actor = portal.actor()
    require(actor, Permission.DEVICE_CLAIM)
    able = [one for one in actor.organisations if actor_holds(actor, Permission.DEVICE_CLAIM, one)]
    if wanted is None and len(able) > 1:
        raise Invalid.field("/organisation", Sentence("must be named: you act for several"))
    if wanted is not None and wanted not in able:
        raise Invalid.field("/organisation", Sentence("is none that you take machines for"))
    return wanted or able[0]
