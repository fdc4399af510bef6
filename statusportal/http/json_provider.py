"""JSON by msgspec: strict on the way in (no NaN, bounded nesting), RFC 3339 with milliseconds on the way out."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from flask.json.provider import JSONProvider


def rfc3339(at: datetime) -> str:
    """Write an instant as the outward face shows it: UTC, milliseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class MsgspecProvider(JSONProvider):
    """Replace Flask's JSON for requests, answers and test clients alike."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:  # noqa: ANN401 - Flask's signature
        """Encode; instants were turned to text by the presenters."""
        return msgspec.json.encode(obj).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:  # noqa: ANN401 - Flask's signature
        """Decode; whatever is wrong with the text is a ValueError, deep nesting too."""
        try:
            return msgspec.json.decode(s)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as err:
            raise ValueError(str(err)) from err
