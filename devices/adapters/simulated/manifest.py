"""The simulated adapter in a few words."""

from devices.adapters.simulated.options import SimulatedOptions
from devices.protocol import Capability, Manifest
from devices.sentence import Sentence

MANIFEST = Manifest(
    name="simulated",
    summary=Sentence("Machines made of a little physics, with failures that can be switched on"),
    options=SimulatedOptions,
    capabilities=frozenset({Capability.ENDS}),
)
