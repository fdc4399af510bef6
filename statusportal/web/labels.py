"""What a label leads to: the machine for who may see it, what its owner shows for everybody else, and the badge."""

import re

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import ActorKind
from statusportal.foundation.errors import NotFound
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import public
from statusportal.http.views.devices import Connectivity
from statusportal.http.views.labels import ScannedPage
from statusportal.labels.queries import find_device_by_label
from statusportal.overview.labels import PublicFace, find_face, find_face_by_label
from statusportal.web.shell import operator_name

labels = Blueprint("labels", __name__)

_LABEL = re.compile(r"[A-Za-z0-9_-]{1,60}")
_UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}


@labels.get("/p/<label>")
@public("who stands at a machine reads what its owner shows; without the owner's choice that is nothing")
def scanned(label: str) -> Response:
    """Open the machine, or tell a stranger what its owner shows; a private label and none are the same."""
    is_label = _LABEL.fullmatch(label) is not None
    if is_label and portal.actor().kind is ActorKind.PERSON:
        with portal.reading() as work:
            device = find_device_by_label(work, label)
        if device is not None:
            return make_response(redirect(url_for("devices.device", device_id=device.id), 303))
    face = None
    if is_label:
        with portal.works().reading(SYSTEM) as work:
            face = find_face_by_label(work, label)
    html = render_template("scanned.html", page=_scanned_page(face))
    return Response(html, 200 if face else 404, _UNLISTED, content_type="text/html; charset=utf-8")


@labels.get("/badge/<device_id>.svg")
@public("a badge shows health where the owner shows it to everybody, and is not there otherwise")
def badge(device_id: str) -> Response:
    """Draw a machine's health as a badge for other sites.

    Raises: NotFound, the same for a machine that shows no health and for none.
    """
    found = parse_id(device_id)
    with portal.works().reading(SYSTEM) as work:
        face = find_face(work, found)
    if face is None or face.health is None:
        raise NotFound
    headers = {**_UNLISTED, "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(render_template("badge.svg", face=face), 200, headers, content_type="image/svg+xml")


def _scanned_page(face: PublicFace | None) -> ScannedPage:
    maker, here = operator_name(), request.path
    if face is None:
        return ScannedPage(maker, here)
    connectivity = None
    if face.connectivity is not None:
        connectivity = Connectivity(face.connectivity.value, face.last_sample_at)
    return ScannedPage(maker, here, face.model, face.serial, face.health.value if face.health else None, connectivity)
