"""The base of the frozen past-tense facts that rooms emit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Tell that something happened. Subclasses hold ids and codes, never names, texts or rows."""
