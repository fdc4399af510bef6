import pytest

from devices.adapters.simulated.kinds import KINDS
from devices.adapters.simulated.machine import SILENT, history, normal
from devices.errors import OptionInvalid
from devices.units import unit_named

START_MS = 1_763_000_000_000
HOUR_S = 3_600
BY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


def machine_of(kind, failure_mode=None, seed=7):
    machine = KINDS[kind]("M-1", seed=seed, start_ms=START_MS)
    if failure_mode:
        machine.trigger(failure_mode)
    return machine


def after(machine, hours):
    values = {}
    for _ in range(hours * 60):
        values = machine.step(60)
    return values


@BY_KIND
def test_the_same_seed_and_steps_give_the_same_values(kind):
    first, second = (kind("M-1", seed=3, start_ms=START_MS) for _ in range(2))

    assert [first.step(30) for _ in range(50)] == [second.step(30) for _ in range(50)]


@BY_KIND
def test_another_seed_gives_another_machine(kind):
    assert kind("M-1", seed=3, start_ms=START_MS).step(30) != kind("M-1", seed=4, start_ms=START_MS).step(30)


@BY_KIND
def test_every_signal_is_declared_with_a_known_unit(kind):
    machine = kind("M-1", start_ms=START_MS)

    assert list(machine.step(1)) == [signal.name for signal in kind.signals]
    assert all(unit_named(signal.unit) for signal in kind.signals if signal.unit)


@BY_KIND
def test_a_silent_machine_says_nothing_until_cleared(kind):
    machine = kind("M-1", start_ms=START_MS)
    machine.trigger(SILENT)
    silent = machine.step(60)
    machine.clear()

    assert silent == {}
    assert machine.step(60) != {}


@BY_KIND
def test_history_is_what_the_machine_would_have_said(kind):
    past = list(history(kind("M-1", start_ms=0), START_MS, START_MS + 10 * 60_000, 60))

    machine = kind("M-1", start_ms=START_MS)
    lived = [reading for _ in range(10) for reading in machine.readings(machine.step(60))]
    assert past == lived
    assert past[-1].at_ms == START_MS + 600_000


@BY_KIND
def test_an_unknown_failure_is_refused(kind):
    with pytest.raises(OptionInvalid, match="cannot fail by 'boredom'"):
        kind("M-1").trigger("boredom")


@pytest.mark.parametrize(
    ("kind", "failure_mode", "hours", "signal", "healthy", "failed"),
    [
        ("milk-analyser", "heater_drift", 24, "cuvette_temperature", (39.5, 40.5), (20, 38)),
        ("milk-analyser", "pump_wear", 24, "flow", (22, 26), (5, 15)),
        ("ultra-low-freezer", "stage2_stop", 24, "chamber_temperature", (-82, -78), (-45, -35)),
        ("ultra-low-freezer", "stage2_stop", 1, "stage2_current", (3, 5), (0, 0.3)),
        ("ultra-low-freezer", "filter_clog", 72, "chamber_temperature", (-82, -78), (-76, -65)),
        ("ultra-low-freezer", "door_ajar", 12, "chamber_temperature", (-82, -78), (-75, -60)),
        ("air-compressor", "filter_clog", 72, "filter_drop", (5, 30), (20, 85)),
        ("air-compressor", "oil_cooler_fouling", 24, "oil_temperature", (60, 95), (98, 125)),
        ("laboratory-ups", "battery_ageing", 96, "runtime", (70, 220), (15, 70)),
        ("laboratory-ups", "mains_loss", 3, "battery_charge", (99, 100), (0, 5)),
    ],
)
def test_a_failure_shows_and_its_repair_too(kind, failure_mode, hours, signal, healthy, failed):
    machine = machine_of(kind, failure_mode)
    broken = after(machine, hours)[signal]
    machine.clear()
    mended = after(machine, 36)[signal]

    assert healthy[0] <= after(machine_of(kind), hours)[signal] <= healthy[1]
    assert failed[0] <= broken <= failed[1]
    assert healthy[0] - 1 <= mended <= healthy[1] + 1


def test_a_month_of_health_stays_healthy_at_any_interval():
    machine = machine_of("ultra-low-freezer")

    temperatures = [machine.step(600)["chamber_temperature"] for _ in range(30 * 144)]

    assert min(temperatures) > -81.5
    assert max(temperatures) < -78.5


def test_noise_is_nearly_normal():
    sample = [normal(1, 2, at_ms) for at_ms in range(0, 20_000_000, 1_000)]

    mean = sum(sample) / len(sample)
    deviation = (sum((one - mean) ** 2 for one in sample) / len(sample)) ** 0.5
    assert abs(mean) < 0.03
    assert abs(deviation - 1) < 0.03
