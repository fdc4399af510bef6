"""The kinds of simulated machines there are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from devices.adapters.simulated.laboratory import LaboratoryUps, MilkAnalyser, UltraLowFreezer
from devices.adapters.simulated.machine import Machine
from devices.adapters.simulated.plant import AirCompressor

KINDS: Final[Mapping[str, type[Machine]]] = MappingProxyType(
    {kind.kind: kind for kind in (MilkAnalyser, UltraLowFreezer, AirCompressor, LaboratoryUps)},
)
