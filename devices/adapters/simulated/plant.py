"""Machines of a plant: an air compressor."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from devices.adapters.simulated.machine import Machine, SimulatedSignal, clamp, relax
from devices.reading import Value


class AirCompressor(Machine):
    """A screw compressor that loads at 7.0 bar and unloads at 7.8 bar, cooled by oil."""

    kind: ClassVar[str] = "air-compressor"
    signals: ClassVar[tuple[SimulatedSignal, ...]] = (
        SimulatedSignal("pressure", "bar", noise=0.02),
        SimulatedSignal("oil_temperature", "°C", noise=0.2, decimals=1),
        SimulatedSignal("motor_current", "A", noise=0.4, decimals=1),
        SimulatedSignal("filter_drop", "mbar", noise=1.0, decimals=1),
        SimulatedSignal("running_hours", "h", decimals=2),
        SimulatedSignal("loaded"),
    )
    failure_modes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "filter_clog": "The inlet filter clogs: less air, a warmer machine, a larger drop over the filter",
            "oil_cooler_fouling": "The oil cooler fouls: the oil gets too hot",
            "air_leak": "A pipe leaks: the machine hardly ever unloads",
        }
    )
    _LOAD_BAR, _UNLOAD_BAR = 7.0, 7.8
    _FILL_BAR_S = 0.02  # net rise when loaded with no demand: 90 L/s into a vessel of 4.5 m³

    def _start(self) -> None:
        self._pressure = 7.4
        self._oil_c = 82.0
        self._current = 60.0
        self._drop = 25.0
        self._hours = 1_000.0 + self._seed % 9_000 + (self.at_ms - self.begun_ms) / 3_600_000
        self._is_loaded = True

    def _advance(self, dt_s: float) -> None:
        clog = self._wear_out("filter_clog", dt_s, 24 * 3_600)
        fouling = self._wear_out("oil_cooler_fouling", dt_s, 3 * 3_600)
        demand = 0.45 + 0.25 * self._daily(12) + 0.08 * self._wave(1_900)
        if self.failure_mode == "air_leak":
            demand += 0.35
        self._switch()
        supply = (1 - 0.5 * clog) if self._is_loaded else 0.0
        self._pressure = clamp(self._pressure + (supply - demand) * self._FILL_BAR_S * min(dt_s, 15), 0.0, 8.2)
        self._switch()
        load = 1.0 if self._is_loaded else 0.35
        room_c = 24 + 4 * self._daily(15)
        self._oil_c = relax(self._oil_c, room_c + 40 + 20 * load + 12 * clog + 32 * fouling, 600, dt_s)
        self._current = relax(self._current, 62 * load + 6 * clog, 4, dt_s)
        self._drop = relax(self._drop, (25 + 55 * clog) * load, 5, dt_s)
        self._hours += dt_s / 3_600

    def _switch(self) -> None:
        if self._pressure >= self._UNLOAD_BAR:
            self._is_loaded = False
        elif self._pressure <= self._LOAD_BAR:
            self._is_loaded = True

    def _sense(self) -> Mapping[str, Value]:
        return {
            "pressure": self._pressure,
            "oil_temperature": self._oil_c,
            "motor_current": self._current,
            "filter_drop": self._drop,
            "running_hours": self._hours,
            "loaded": self._is_loaded,
        }
