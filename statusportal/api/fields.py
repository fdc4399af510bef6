"""Words of the API's documents that marshmallow has no field for."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from statusportal.foundation.clock import EPOCH, from_ms
from statusportal.foundation.paging import DEFAULT_LIMIT, MOST, Slice
from statusportal.http.json_provider import rfc3339

_LAST_MS = (datetime(9999, 1, 1, tzinfo=UTC) - EPOCH).days * 86_400_000
_LONGEST_WORD = 400


class Instant(fields.Field[datetime]):
    """RFC 3339 in UTC with milliseconds out; RFC 3339 with a zone, or integer milliseconds, in."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ANN401, ARG002 - marshmallow's signature
        return None if value is None else rfc3339(value)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:  # noqa: ANN401, ARG002 - marshmallow's signature
        text = str(value)[:_LONGEST_WORD]
        if text.removeprefix("-").isdecimal() and text.isascii():
            if not 0 <= int(text) <= _LAST_MS:
                raise ValidationError("is out of range")
            return from_ms(int(text))
        try:
            at = datetime.fromisoformat(text.replace(" ", "+"))
        except ValueError as err:
            raise ValidationError("must be RFC 3339 with a zone, or integer milliseconds") from err
        if at.tzinfo is None:
            raise ValidationError("must name its zone")
        try:
            return at.astimezone(UTC)
        except OverflowError as err:
            raise ValidationError("is out of range") from err


class PageQuery(Schema):
    """How much of a list is wanted, and from where."""

    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, MOST))
    cursor = fields.String(load_default=None, validate=validate.Length(max=8_000))


def slice_of(query: dict[str, Any]) -> Slice:
    """Take the page's part out of a loaded query."""
    return Slice(query.pop("limit"), query.pop("cursor"))


class RuleField(fields.Dict):
    """A rule as profiles write it; what is wrong with it is found by the profile's own reader."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 - what any field takes
        super().__init__(metadata={"allOf": [{"$ref": "#/components/schemas/Rule"}]}, **more)
