"""The replay adapter in a few words."""

from devices.adapters.replay.options import ReplayOptions
from devices.protocol import Capability, Manifest
from devices.sentence import Sentence

MANIFEST = Manifest(
    name="replay",
    summary=Sentence("Plays a recorded table, at its own pace or faster, at its own time or as if it were now"),
    options=ReplayOptions,
    capabilities=frozenset({Capability.ENDS, Capability.DECODES}),
)
