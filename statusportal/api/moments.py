"""Times in queries: RFC 3339 with a zone, or integer milliseconds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields

from statusportal.foundation.clock import to_ms

_FARTHEST_MS = 2**53


class Moment(fields.Field[int]):
    """Read a moment of a query as milliseconds since 1970 UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:  # noqa: ANN401 - marshmallow's signature
        del attr, data, kwargs
        text = str(value)
        if text.lstrip("-").isdecimal() and text.isascii():
            if abs(int(text[:20])) >= _FARTHEST_MS:
                raise ValidationError("is too far away")
            return int(text)
        try:
            # A plus that was not escaped arrives as a blank.
            at = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        except ValueError as err:
            raise ValidationError("must be RFC 3339 with a zone, or integer milliseconds") from err
        if at.tzinfo is None:
            raise ValidationError("has no zone; end it with Z or an offset")
        return to_ms(at)
