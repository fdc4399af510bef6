"""`POST /api/v1/telemetry`: the native body of devices and gateways. No schema library and no ORM row on this path."""

from typing import Any

import msgspec
from flask import Response, request
from flask_smorest import Blueprint

from devices.errors import PayloadMalformed
from devices.formats.native_json import decode_native
from devices.formats.protocol import Decoded
from statusportal.access.permissions import Permission
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import FieldError
from statusportal.http import portal
from statusportal.http.errors import problem
from statusportal.http.policies import machine
from statusportal.http.retries import HEADER
from statusportal.ingest.metrics import count_receipt
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.telemetry.store.port import Receipt, Rejection

native: Any = Blueprint("Telemetry in", "ingest.native", url_prefix="/api/v1", description="Samples from devices")

_JSON = "application/json"
_SHOWN = 100

_BODY = {
    "type": "object",
    "properties": {
        "device": {"type": "string", "description": "The serial number, from a gateway."},
        "ts": {"oneOf": [{"type": "string", "format": "date-time"}, {"type": "integer"}]},
        "quality": {
            "enum": ["good", "stale", "bad"],
            "description": "Of all values of the object, good by default. Other values are kept and judge nothing.",
        },
        "values": {"type": "object", "additionalProperties": {"type": ["number", "boolean", "string"]}},
    },
}
_ANSWER = {
    "type": "object",
    "properties": {
        "accepted": {"type": "integer"},
        "duplicates": {"type": "integer"},
        "conflicts": {"type": "integer"},
        "rejected": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "index": {"type": "integer"},
                    "signal": {"type": ["string", "null"]},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_DOCUMENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {_JSON: {"schema": {"oneOf": [_BODY, {"type": "array", "items": _BODY}]}}},
    },
    "responses": {
        "200": {"description": "What became of the samples", "content": {_JSON: {"schema": _ANSWER}}},
        "400": {"description": "Not JSON"},
        "401": {"description": "No usable token"},
        "413": {"description": "Too large, or too many samples"},
        "415": {"description": "Not sent as JSON"},
        "422": {"description": "Nothing of it was usable"},
        "429": {"description": "Over the sender's rate; nothing was kept"},
        "503": {"description": "The store is busy; nothing was kept"},
    },
}


@native.post("/telemetry")
@machine(Permission.TELEMETRY_SEND)
@native.doc(**_DOCUMENT)
def take_telemetry() -> Response:
    """Store samples. The answer is sent once they are on stable storage."""
    settings = portal.settings()
    if request.mimetype not in (_JSON, ""):
        return problem(415, "Unsupported type", f"Send the body as {_JSON}.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        return problem(415, "Unsupported type", "Send the body without a content encoding.")
    if settings.telemetry_bytes:
        request.max_content_length = settings.telemetry_bytes
    works = portal.works()
    source = Source.machine(portal.actor())
    try:
        decoded = decode_native(
            request.get_data(), arrived_ms=to_ms(works.clock.now()), is_gateway=source.device_id is None
        )
    except PayloadMalformed as err:
        return problem(400, "Not readable", err.detail, [FieldError(err.pointer, err.detail)] if err.pointer else [])
    most = settings.samples_per_request
    if most and len(decoded.readings) + len(decoded.rejects) > most:
        return problem(413, "Too large", f"At most {most} samples a request. Nothing of this one was kept.")
    answer = _answer(_stored(source, decoded))
    _keep_retry_key()
    return answer


def _stored(source: Source, decoded: Decoded) -> Receipt:
    refused = tuple(Rejection(one.index, one.signal, one.detail) for one in decoded.rejects)
    count_receipt(Receipt(rejected=refused))
    if not decoded.readings:
        return Receipt(rejected=refused)
    receipt = store_readings(portal.works(), source, decoded.readings, decoded.positions)
    rejected = sorted([*refused, *receipt.rejected], key=lambda one: one.index)
    return Receipt(receipt.accepted, receipt.duplicates, receipt.conflicts, tuple(rejected))


def _answer(receipt: Receipt) -> Response:
    if receipt.is_usable:
        return Response(msgspec.json.encode(receipt, enc_hook=str), content_type=_JSON)
    errors = [FieldError(f"/{one.index}", one.detail) for one in receipt.rejected[:_SHOWN]]
    if not errors:
        errors = [FieldError("", "holds no values")]
    rejected = msgspec.to_builtins(receipt.rejected, enc_hook=str)
    return problem(422, "Wrong content", "Nothing of this was usable.", errors, rejected=rejected)


def _keep_retry_key() -> None:
    """Keep a safe-retry key, if one was sent. The natural key of samples makes a second carrying out harmless."""
    if HEADER in request.headers:
        with portal.writing():
            pass
