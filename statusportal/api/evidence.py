"""Evidence in the API's words: what a comment points at on its machine's curves."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from statusportal.api.fields import Instant
from statusportal.evidence.models import Evidence
from statusportal.evidence.vocabulary import Wish


class ValueField(fields.Field[Any]):
    """A value as machines send it: a number, a boolean or a string."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401, ARG002 - marshmallow's signature
        if not isinstance(value, int | float | str) or len(str(value)) > 1_000:  # noqa: PLR2004 - longer than any value
            raise ValidationError("must be a number, a boolean or a string")
        return value


class EvidenceWish(Schema):
    """What to point at: a moment, or with `to` a range. `value` and `unit` are held against what the machine sent."""

    signal = fields.String(required=True, validate=validate.Length(1, 200))
    from_ = Instant(required=True, data_key="from")
    to = Instant(load_default=None, allow_none=True)
    value = ValueField(load_default=None, allow_none=True)
    unit = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))


class EvidenceAnswer(Schema):
    """What is pinned, with the points as they were copied: `[ms, value]`, oldest first."""

    letter = fields.String()
    signal = fields.String()
    from_ = Instant(data_key="from")
    to = Instant(allow_none=True)
    value = fields.Raw()
    last_value = fields.Raw(allow_none=True)
    unit = fields.String()
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)
    points = fields.List(fields.List(fields.Raw()))


def wish_of(said: dict[str, Any]) -> Wish:
    """Return what a body asks for."""
    return Wish(said["signal"], said["from_"], said["to"], said["value"], said["unit"])


def present_evidence(row: Evidence) -> dict[str, Any]:
    """Return what the API says of evidence."""
    plain = ("letter", "signal", "value", "last_value", "unit", "low", "high", "points")
    return {**{name: getattr(row, name) for name in plain}, "from_": row.from_at, "to": row.to_at}
