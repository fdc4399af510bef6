"""Labels: the address on a machine, sheets to print, and what strangers may read."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.root import blueprint
from statusportal.fleet.queries import device_for
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.papers import pdf_answer
from statusportal.http.policies import checked_by
from statusportal.labels.drawing import label_sheets
from statusportal.labels.queries import devices_to_label, labels_of, public_minimum_of
from statusportal.labels.service import choose_public_minimum
from statusportal.labels.vocabulary import GRIDS, USUAL_GRID, PublicMinimum
from statusportal.labels.wording import USUAL_LANGUAGE, WORDS, words_in

labels = blueprint("Labels", "What stands on a machine, and what it tells a stranger")

_NO_ADDRESS = {"responses": {"409": {"description": "The portal has no address yet that may stand on a machine."}}}


class LabelAnswer(Schema):
    """What stands on a machine: an Identification Link by IEC 61406, and what a hand would copy."""

    address = fields.String()
    model = fields.String()
    serial = fields.String()
    maker = fields.String()


class SheetQuestion(Schema):
    """How the labels lie on A4, and in which language they speak."""

    grid = fields.String(load_default=USUAL_GRID, validate=validate.OneOf(list(GRIDS)))
    language = fields.String(load_default=USUAL_LANGUAGE, validate=validate.OneOf(list(WORDS)))


class MinimumAnswer(Schema):
    """What a stranger who scans the label reads; each level holds the ones before it."""

    level = fields.String(required=True, validate=validate.OneOf([level.value for level in PublicMinimum]))


@labels.get("/devices/<device_id>/label")
@checked_by(Permission.DEVICE_VIEW)
@labels.response(200, LabelAnswer)
@labels.doc(**_NO_ADDRESS)
def one_label(device_id: str) -> Any:  # noqa: ANN401 - marshmallow reads the value's attributes
    """Show what stands on a machine's label."""
    with portal.reading() as work:
        return labels_of(work, [device_for(work, parse_id(device_id))])[0]


@labels.get("/organisations/<organisation_id>/label-sheet")
@checked_by(Permission.DEVICE_SHARE)
@labels.arguments(SheetQuestion, location="query")
@labels.response(200, content_type="application/pdf")
@labels.doc(**_NO_ADDRESS)
def sheet(asked: dict[str, Any], organisation_id: str) -> Response:
    """Draw labels for the machines an organisation has now."""
    with portal.reading() as work:
        found = labels_of(work, devices_to_label(work, parse_id(organisation_id)))
    return pdf_answer(label_sheets(found, GRIDS[asked["grid"]], words_in(asked["language"])), "labels.pdf")


@labels.get("/devices/<device_id>/public-minimum")
@checked_by(Permission.DEVICE_SHARE)
@labels.response(200, MinimumAnswer)
def public_minimum(device_id: str) -> dict[str, str]:
    """Show what strangers may read of a machine."""
    with portal.reading() as work:
        return {"level": public_minimum_of(work, parse_id(device_id)).value}


@labels.put("/devices/<device_id>/public-minimum")
@checked_by(Permission.DEVICE_SHARE)
@labels.arguments(MinimumAnswer)
@labels.response(200, MinimumAnswer)
def choose_minimum(asked: dict[str, Any], device_id: str) -> dict[str, str]:
    """Choose what strangers may read, for as long as the present owner has the machine."""
    with portal.writing() as work:
        return {"level": choose_public_minimum(work, parse_id(device_id), PublicMinimum(asked["level"])).value}
