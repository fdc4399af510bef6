"""What happened to files."""

from dataclasses import dataclass

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobsDropped(Event):
    """No row names these any more: their bytes go once that is committed."""

    storage_keys: tuple[str, ...]
