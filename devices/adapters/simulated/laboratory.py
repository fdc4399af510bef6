"""Machines of a laboratory: a milk analyser, an ultra-low freezer and the battery behind them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from devices.adapters.simulated.machine import Machine, SimulatedSignal, clamp, relax
from devices.reading import Value


class MilkAnalyser(Machine):
    """An infrared analyser: milk flows through a cuvette that a heater keeps at 40 °C."""

    kind: ClassVar[str] = "milk-analyser"
    signals: ClassVar[tuple[SimulatedSignal, ...]] = (
        SimulatedSignal("cuvette_temperature", "°C", noise=0.02),
        SimulatedSignal("heater_duty", "%", noise=0.3, decimals=1, lowest=0, highest=100),
        SimulatedSignal("flow", "mL/min", noise=0.15, lowest=0),
        SimulatedSignal("room_temperature", "°C", noise=0.05),
        SimulatedSignal("samples_total", "count"),
    )
    failure_modes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "heater_drift": "The heater loses power over hours, until full duty no longer holds 40 °C",
            "pump_wear": "The pump's tube tires, and the flow falls",
            "inlet_blocked": "The inlet filter is half blocked: milk stays long in the heater and gets too warm",
        }
    )
    _SETPOINT_C = 40.0
    _HEATER_C = 40.0  # what full duty adds to the room's temperature
    _CUVETTE_TAU_S = 480.0
    _BY_DAY_S, _BY_NIGHT_S = 1 / 30, 1 / 300  # samples a second; day is from 05:00 to 17:00 UTC
    _BLOCKED_DUTY, _BLOCKED_FLOW = 0.19, 0.88  # ends 1.5 °C too warm, and 1.0 °C after about two minutes

    def _start(self) -> None:
        self._cuvette_c = self._SETPOINT_C
        self._duty = 0.475
        self._room_c = 21.0
        self._flow = 24.0
        self._samples = self._seed % 50_000 + self._measured(self.at_ms) - self._measured(self.begun_ms)

    def _advance(self, dt_s: float) -> None:
        self._room_c = 21.0 + 1.5 * self._daily(15) + 0.3 * self._wave(2_700)
        strength = 1.0 - 0.7 * self._wear_out("heater_drift", dt_s, 4 * 3_600)
        needed = (self._SETPOINT_C - self._room_c) / self._HEATER_C
        is_blocked = self.failure_mode == "inlet_blocked"
        surplus = needed * (1 / strength - 1) + (self._BLOCKED_DUTY if is_blocked else 0.0)
        self._duty = clamp(needed + 0.1 * (self._SETPOINT_C - self._cuvette_c) + surplus, 0.0, 1.0)
        target_c = self._room_c + self._HEATER_C * strength * self._duty
        self._cuvette_c = relax(self._cuvette_c, target_c, self._CUVETTE_TAU_S, dt_s)
        width = self._BLOCKED_FLOW if is_blocked else 1 - 0.6 * self._wear_out("pump_wear", dt_s, 6 * 3_600)
        self._flow = 24.0 * width + 0.4 * self._wave(90)
        is_day = self._daily(11) > 0
        self._samples += dt_s * self._flow / 24.0 * (self._BY_DAY_S if is_day else self._BY_NIGHT_S)

    def _measured(self, at_ms: int) -> float:
        """Count the samples since 1970 of a machine that always measured."""
        days, second = divmod(at_ms / 1_000, 86_400)
        day_s = 43_200 * days + clamp(second - 5 * 3_600, 0, 43_200)
        return at_ms / 1_000 * self._BY_NIGHT_S + day_s * (self._BY_DAY_S - self._BY_NIGHT_S)

    def _sense(self) -> Mapping[str, Value]:
        return {
            "cuvette_temperature": self._cuvette_c,
            "heater_duty": 100 * self._duty,
            "flow": self._flow,
            "room_temperature": self._room_c,
            "samples_total": int(self._samples),
        }


class UltraLowFreezer(Machine):
    """A two-stage cascade freezer at -80 °C: without its second stage it ends near -38 °C."""

    kind: ClassVar[str] = "ultra-low-freezer"
    signals: ClassVar[tuple[SimulatedSignal, ...]] = (
        SimulatedSignal("chamber_temperature", "°C", noise=0.08, decimals=1),
        SimulatedSignal("interstage_temperature", "°C", noise=0.2, decimals=1),
        SimulatedSignal("stage1_current", "A", noise=0.05, lowest=0),
        SimulatedSignal("stage2_current", "A", noise=0.05, lowest=0),
        SimulatedSignal("door_open"),
    )
    failure_modes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "stage2_stop": "The second compressor stops: the chamber warms over hours",
            "filter_clog": "The condenser's filter clogs: both stages draw more, and the chamber is late to cool",
            "door_ajar": "The door is not quite shut",
        }
    )
    _CHAMBER_TAU_S = 5 * 3_600.0
    _RECOVERY_TAU_S = 1.5 * 3_600.0

    def _start(self) -> None:
        self._chamber_c = -80.0
        self._interstage_c = -36.0
        self._stage1_a = 4.2
        self._stage2_a = 3.6

    def _advance(self, dt_s: float) -> None:
        room_c = 21.0 + 1.5 * self._daily(15)
        clog = self._wear_out("filter_clog", dt_s, 36 * 3_600)
        has_stage2 = self.failure_mode != "stage2_stop"
        is_ajar = self.failure_mode == "door_ajar"
        self._interstage_c = relax(self._interstage_c, -36.0 + 0.4 * (room_c - 21) + 9 * clog, 900, dt_s)
        floor_c = -80.0 + 0.6 * self._wave(1_200) + 12 * clog + (14.0 if is_ajar else 0.0)
        target_c = floor_c if has_stage2 else self._interstage_c - 2.0
        tau_s = self._RECOVERY_TAU_S if target_c < self._chamber_c else self._CHAMBER_TAU_S
        if abs(target_c - self._chamber_c) < 2:  # noqa: PLR2004 -- near its floor the evaporator follows the thermostat
            tau_s = 300.0
        self._chamber_c = relax(self._chamber_c, target_c, tau_s, dt_s)
        effort = 1 + 0.02 * (room_c - 21) + 0.5 * clog + (0.25 if is_ajar else 0.0)
        self._stage1_a = relax(self._stage1_a, 4.2 * effort, 60, dt_s)
        self._stage2_a = relax(self._stage2_a, 3.6 * effort if has_stage2 else 0.0, 20, dt_s)

    def _sense(self) -> Mapping[str, Value]:
        return {
            "chamber_temperature": self._chamber_c,
            "interstage_temperature": self._interstage_c,
            "stage1_current": self._stage1_a,
            "stage2_current": max(self._stage2_a, 0.0),
            "door_open": self.failure_mode == "door_ajar",
        }


class LaboratoryUps(Machine):
    """An uninterruptible supply: lead-acid battery, float charge, and the words of NUT for its status."""

    kind: ClassVar[str] = "laboratory-ups"
    signals: ClassVar[tuple[SimulatedSignal, ...]] = (
        SimulatedSignal("input_voltage", "V", noise=0.6, decimals=1, lowest=0),
        SimulatedSignal("load", "%", noise=0.5, decimals=1, lowest=0, highest=100),
        SimulatedSignal("battery_charge", "%", decimals=1),
        SimulatedSignal("battery_voltage", "V", noise=0.02),
        SimulatedSignal("runtime", "min", decimals=1),
        SimulatedSignal("status"),
    )
    failure_modes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "battery_ageing": "The battery holds less and less: the runtime shrinks over days",
            "mains_loss": "The mains is gone: the battery carries the load until it is empty",
        }
    )
    _CAPACITY_MIN = 45.0  # at full charge and full load
    _LOW_CHARGE = 0.2
    _CHARGE_TAU_S = 2 * 3_600.0

    def _start(self) -> None:
        self._charge = 1.0
        self._load = 0.4
        self._health = 1.0
        self._sag_v = 0.0

    def _advance(self, dt_s: float) -> None:
        self._load = 0.38 + 0.12 * self._daily(13) + 0.03 * self._wave(700)
        self._health = 1.0 - 0.75 * self._wear_out("battery_ageing", dt_s, 48 * 3_600)
        if self.failure_mode == "mains_loss":
            spent = self._load * dt_s / 60 / (self._CAPACITY_MIN * self._health)
            self._charge = max(self._charge - spent, 0.0)
        else:
            self._charge = relax(self._charge, 1.0, self._CHARGE_TAU_S, dt_s)
        self._sag_v = 0.8 * (1 - self._health)

    def _sense(self) -> Mapping[str, Value]:
        on_battery = self.failure_mode == "mains_loss"
        status = "OL" if not on_battery else "OB LB" if self._charge < self._LOW_CHARGE else "OB DISCHRG"
        rest_v = 22.4 + 3.2 * self._charge
        return {
            "input_voltage": 0.0 if on_battery else 230.0 + 2.5 * self._daily(4),
            "load": 100 * self._load,
            "battery_charge": 100 * self._charge,
            "battery_voltage": rest_v - self._sag_v + (-0.6 if on_battery else 1.4),
            "runtime": self._CAPACITY_MIN * self._health * self._charge / self._load,
            "status": status,
        }
