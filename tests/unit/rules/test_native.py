"""A machine's own conditions: many at once, each by its own code and severity, each cleared on its own."""

import json

import pytest

from statusportal.foundation.vocabulary import Health
from statusportal.judges.judging import Native
from statusportal.judges.vocabulary import Verdict
from statusportal.profiles.vocabulary import CombinationRule, NativeRule, Nature, Profile, Signal, Standard
from statusportal.rules.evaluating import Device
from statusportal.rules.naming import condition_code
from statusportal.rules.vocabulary import Phase
from tests.factories.profiles import MINUTE_MS, SOURCE

OWN = NativeRule(code="own", source=SOURCE, signal="cnc/alarms", standard=Standard.MTCONNECT, by_code=True)
ANY = CombinationRule(code="any", source=SOURCE, all_of=("own",))
PROFILE = Profile(
    format=1,
    name="Lathe",
    expected_interval_s=60.0,
    signals=(Signal(name="cnc/alarms", kind=Nature.TEXT),),
    rules=(OWN, ANY),
)


def stands(device):
    return {
        condition_code(OWN, one): (one.phase, one.health)
        for one in device.standings()
        if one.code == "own" and one.signal != "cnc/alarms"
    }


def test_each_code_is_raised_and_cleared_on_its_own_with_its_own_severity():
    device = Device(PROFILE)

    device.hear(0, "cnc/alarms/E-12", "FAULT")
    device.hear(0, "cnc/alarms/X/7", "WARNING")
    both = stands(device)
    device.hear(MINUTE_MS, "cnc/alarms/E-12", "NORMAL")

    assert both == {"own@E-12": (Phase.ACTIVE, Health.FAILURE), "own@X.7": (Phase.ACTIVE, Health.OFF_SPEC)}
    assert stands(device)["own@E-12"][0] is Phase.NORMAL
    assert stands(device)["own@X.7"] == both["own@X.7"]


def test_normal_of_the_whole_clears_all_and_unavailable_clears_none():
    device = Device(PROFILE)
    device.hear(0, "cnc/alarms/E-12", "FAULT")
    device.hear(0, "cnc/alarms/E-13", "FAULT")

    device.hear(1, "cnc/alarms", "UNAVAILABLE")
    unavailable = stands(device)
    device.hear(2, "cnc/alarms", "WARNING")
    device.hear(3, "cnc/alarms/E-14", "NORMAL")
    device.hear(4, "cnc/alarms", "NORMAL")

    assert {phase for phase, _ in unavailable.values()} == {Phase.ACTIVE}
    assert {code: phase for code, (phase, _) in stands(device).items()} == dict.fromkeys(
        ("own@E-12", "own@E-13", "own@E-14"), Phase.NORMAL
    )
    assert [one.phase for one in device.standings() if one.code == "any"] == [Phase.NORMAL]


def test_silence_ends_none_and_a_restart_forgets_none():
    device, reborn = Device(PROFILE), Device(PROFILE)
    device.hear(0, "cnc/alarms/E-12", "FAULT")
    device.hear(0, "cnc/alarms/E-13", "NORMAL")
    reborn.hear(0, "cnc/alarms/OTHER", "FAULT")

    device.elapse(100 * MINUTE_MS)
    reborn.load(json.loads(json.dumps(device.dump())))
    reborn.hear(101 * MINUTE_MS, "cnc/alarms", "NORMAL")

    assert {code: phase for code, (phase, _) in stands(device).items()} == {
        "own@E-12": Phase.ACTIVE,
        "own@E-13": Phase.NORMAL,
    }
    assert set(stands(reborn)) == {"own@E-12", "own@E-13"}
    assert [(one.code, one.signal) for one in reborn.changes if one.before.is_active] == [
        ("own", "cnc/alarms/E-12"),
        ("any", None),
    ]


@pytest.mark.parametrize(
    ("standard", "value", "verdict", "health"),
    [
        (Standard.OPCUA_ALARM, 0, Verdict.CLEAR, None),
        (Standard.OPCUA_ALARM, False, Verdict.CLEAR, None),
        (Standard.OPCUA_ALARM, True, Verdict.BROKEN, Health.CHECK_FUNCTION),
        (Standard.OPCUA_ALARM, 333, Verdict.BROKEN, Health.MAINTENANCE_REQUIRED),
        (Standard.OPCUA_ALARM, 334, Verdict.BROKEN, Health.OFF_SPEC),
        (Standard.OPCUA_ALARM, 1000, Verdict.BROKEN, Health.FAILURE),
        (Standard.OPCUA_ALARM, 1001, Verdict.ERROR, None),
        (Standard.OPCUA_ALARM, -1, Verdict.ERROR, None),
        (Standard.SNMP_ALARM, "cleared", Verdict.CLEAR, None),
        (Standard.SNMP_ALARM, 3, Verdict.BROKEN, Health.FAILURE),
        (Standard.SNMP_ALARM, "minor", Verdict.BROKEN, Health.OFF_SPEC),
        (Standard.SNMP_ALARM, 7, Verdict.ERROR, None),
    ],
)
def test_severities_of_alarms_are_those_of_their_standard(standard, value, verdict, health):
    judge = Native(
        NativeRule(code="own", source=SOURCE, signal="alarms", standard=standard, health=Health.CHECK_FUNCTION)
    )

    assert (judge.hear(0, value), judge.health) == (verdict, health)
