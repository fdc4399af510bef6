"""A profile in which anything is wrong is refused, and each wrong field is named."""

import pytest

from statusportal.foundation.errors import Invalid
from statusportal.profiles.writing import read_profile

HEAD = """
format = 1
name = "Pump"
[[signals]]
name = "heat"
lowest = 0
highest = 100
[[signals]]
name = "state"
kind = "text"
[[rules]]
kind = "limit"
code = "HOT"
source = "manual, page 3"
signal = "heat"
high = 90
"""

RULE = '[[rules]]\ncode = "X"\nsource = "manual, page 4"\n'

MODE = 'kind = "codes"\nsignal = "mode"\n'
LOW = '\n[[rules]]\ncode = "LOW"\nsource = "manual, page 5"\nkind = "limit"\nsignal = "heat"\n'
RATE = 'kind = "rate"\nsignal = "runs"\nover_s = 60\n'
RUNS = '\n[[signals]]\nname = "runs"\nkind = "counter"'
MODES = '[[signals]]\nname = "mode"\nkind = "enumeration"\nvalues = { 0 = "off", 1 = "on" }\n'

# What is added to a good profile, and the fields that are then wrong.
WRONG = [
    (RULE + 'kind = "limit"\nsignal = "cold"\nhigh = 1', ["/rules/1/signal"]),
    (RULE + 'kind = "limit"\nsignal = "state"\nhigh = 1', ["/rules/1/signal"]),
    (RULE + 'kind = "limit"\nsignal = "heat"', ["/rules/1/high"]),
    (RULE + 'kind = "limit"\nsignal = "heat"\nlow = 60\nhigh = 40', ["/rules/1/low"]),
    (RULE + 'kind = "limit"\nsignal = "heat"\nlow = 40\nhigh = 50\nhysteresis = 6', ["/rules/1/hysteresis"]),
    (RULE + 'kind = "limit"\nsignal = "heat"\nhigh = nan', ["/rules/1/high"]),
    (RULE + 'kind = "limit"\nsignal = "heat"\nhigh = -1', ["/rules/1/high"]),
    (RULE + 'kind = "limit"\nsignal = "heat"\nlow = 101', ["/rules/1/low"]),
    (RULE + 'kind = "limit"\nsignal = "heat"\nhigh = 9\npending_s = -1', ["/rules/1/pending_s"]),
    (RULE + 'kind = "limit"\nsignal = "heat"\nhigh = 9\nhealth = "normal"', ["/rules/1/health"]),
    (RULE + 'kind = "rate"\nsignal = "heat"\nhigh = 1\nover_s = 0', ["/rules/1/over_s"]),
    (RULE + 'kind = "rate"\nsignal = "heat"\nhigh = 1\nover_s = 9\nper_s = 0', ["/rules/1/per_s"]),
    (RULE + 'kind = "window"\nsignal = "heat"\naggregate = "mean"\nhigh = 1', ["/rules/1/over_s"]),
    (RULE + 'kind = "window"\nsignal = "heat"\naggregate = "count"\nsamples = 1\nhigh = 1', ["/rules/1/samples"]),
    (RULE + 'kind = "window"\nsignal = "heat"\naggregate = "count"\nsamples = 5\nlow = 6', ["/rules/1/low"]),
    (RULE + 'kind = "window"\nsignal = "heat"\naggregate = "count"\nover_s = 5\nhigh = -1', ["/rules/1/high"]),
    (RULE + 'kind = "window"\nsignal = "heat"\naggregate = "count"\nsamples = 5\nhigh = 4', ["/rules/1/high"]),
    (RULE + 'kind = "window"\nsignal = "heat"\naggregate = "count"\nover_s = 5\nhigh = 0', ["/rules/1/high"]),
    (
        RULE + 'kind = "limit"\nsignal = "runs"\nhigh = -1\n[[signals]]\nname = "runs"\nkind = "counter"',
        ["/rules/1/high"],
    ),
    (
        RULE + 'kind = "window"\nsignal = "heat"\naggregate = "standard_deviation"\nsamples = 3\nlow = 51',
        ["/rules/1/low"],
    ),
    (RULE + 'kind = "no_change"\nsignal = "state"\nfor_s = 5', ["/rules/1/signal"]),
    (RULE + 'kind = "codes"\nsignal = "state"\ncodes = [{ code = "E1", bit = 1 }]', ["/rules/1/codes/0/bit"]),
    (
        MODES + RULE + MODE + 'codes = [{ code = "E1", value = "7" }, { code = "E2", value = "1" }]',
        ["/rules/1/codes/0/value"],
    ),
    (
        MODES + RULE + MODE + 'codes = [{ code = "E1", value = "0" }, { code = "E1", value = "1" }]',
        ["/rules/1/codes/0/code", "/rules/1/codes/1/code", "/rules/1/codes"],
    ),
    (
        MODES + RULE + MODE + 'codes = [{ code = "E1", value = "0" }, { code = "E2", value = "1" }]',
        ["/rules/1/codes"],
    ),
    (RULE + RATE + "high = -1" + RUNS, ["/rules/1/high"]),
    (MODES + RULE + MODE + 'codes = [{ code = "HOT", value = "0" }]', ["/rules/0/code", "/rules/1/codes/0/code"]),
    (RULE + 'kind = "combination"\nany_of = ["HOT"]\nnone_of = ["HOT"]', ["/rules/1/none_of"]),
    (RULE + 'kind = "combination"\nall_of = ["HOT", "LOW"]' + LOW + "low = 89", ["/rules/1/all_of"]),
    (RULE + 'kind = "combination"\nany_of = ["HOT", "LOW"]' + LOW + "low = 91", ["/rules/1/any_of"]),
    (RULE + 'kind = "no_change"\nsignal = "heat"\nfor_s = 0', ["/rules/1/for_s"]),
    (RULE + 'kind = "no_change"\nsignal = "heat"\nfor_s = 5\ntolerance = 100', ["/rules/1/tolerance"]),
    (RULE + 'kind = "counter_due"\nsignal = "heat"', ["/rules/1/every"]),
    (RULE + 'kind = "counter_due"\nsignal = "heat"\nevery = 0', ["/rules/1/every", "/rules/1/ahead"]),
    (RULE + 'kind = "counter_due"\nsignal = "heat"\nevery = 5\nahead = 5', ["/rules/1/ahead"]),
    (RULE + 'kind = "counter_due"\nsignal = "heat"\nevery = 5\nahead_s = 5', ["/rules/1/ahead_s"]),
    (RULE + 'kind = "counter_due"\nsignal = "heat"\nevery_s = 5\nahead_s = 5', ["/rules/1/ahead_s"]),
    (RULE + 'kind = "counter_due"\nsignal = "heat"\nevery_months = 0', ["/rules/1/every_months"]),
    (RULE + 'kind = "counter_due"\nsignal = "heat"\ndue_on = "soon"', ["/rules/1/due_on"]),
    (RULE + 'kind = "codes"\nsignal = "state"\ncodes = []', ["/rules/1/codes"]),
    (RULE + 'kind = "codes"\nsignal = "state"\ncodes = [{ code = "E1" }]', ["/rules/1/codes/0/value"]),
    (RULE + 'kind = "codes"\nsignal = "state"\ncodes = [{ code = "E1", bit = 64 }]', ["/rules/1/codes/0/bit"]),
    (RULE + 'kind = "combination"\nnone_of = ["HOT"]', ["/rules/1/all_of"]),
    (RULE + 'kind = "combination"\nall_of = ["HOT", "Y"]', ["/rules/1/all_of/1"]),
    (RULE + 'kind = "combination"\nall_of = ["X"]', ["/rules/1/all_of/0"]),
    (RULE + 'kind = "combination"\nall_of = ["HOT"]\nnone_of = ["HOT"]', ["/rules/1/none_of"]),
    (RULE + 'kind = "baseline"\nsignal = "heat"\nlearn = 3', ["/rules/1/learn"]),
    (RULE + 'kind = "limit"\nsignal = "*"\nhigh = 1', ["/rules/1/signal"]),
    (RULE + 'kind = "limit"\nsignal = "heat"\nhigh = "hot"', ["/rules/1/high"]),
    (RULE + 'kind = "limit"\nsignal = "heat"\nhigh = 9\nadvice_da = "\\u0000"', ["/rules/1/advice_da"]),
    (RULE + 'kind = "codes"\nsignal = "state"\ncodes = [{ code = "E1", value = "a\\nb" }]', ["/rules/1/codes/0/value"]),
    ('[[codes]]\ncode = "E1"\nmeaning_en = "x"\nadvice_en = "\\u0000"', ["/codes/0/advice_en"]),
    ('[[codes]]\ncode = "E1"\nmeaning_en = "x"\nmeaning_da = "a\\nb"', ["/codes/0/meaning_da"]),
    ('[[signals]]\nname = "mode"\nkind = "enumeration"\nvalues = { 0 = "a\\nb" }', ["/signals/2/values"]),
    (RULE + 'kind = "limit"\nsignal = "heat"\nhihg = 1', ["/rules/1/hihg"]),
    (RULE + 'kind = "limit"\nhigh = 1', ["/rules/1/signal"]),
    (RULE + 'kind = "guess"\nsignal = "heat"', ["/rules/1/kind"]),
    (RULE.replace("X", "HOT") + 'kind = "limit"\nsignal = "heat"\nhigh = 9', ["/rules/0/code", "/rules/1/code"]),
    (RULE.replace("X", "a b") + 'kind = "limit"\nsignal = "heat"\nhigh = 9', ["/rules/1/code"]),
    ('[[signals]]\nname = "heat"', ["/signals/0/name", "/signals/2/name"]),
    ('[[signals]]\nname = "old"\naliases = ["heat"]', ["/signals/0/name", "/signals/2/name"]),
    ('[[signals]]\nname = "old"\naliases = ["a\\nb"]', ["/signals/2/aliases/0"]),
    ('[[signals]]\nname = "x"\nlowest = 5\nhighest = 5', ["/signals/2/lowest"]),
    ('[[codes]]\ncode = "E1"\nmeaning_en = ""', ["/codes/0/meaning_en"]),
]


@pytest.mark.parametrize(
    ("added", "pointers"), WRONG, ids=[pointers[0] + str(at) for at, (_, pointers) in enumerate(WRONG)]
)
def test_wrong_field_is_named(added, pointers):
    with pytest.raises(Invalid) as refused:
        read_profile(HEAD + added)

    assert [error.pointer for error in refused.value.errors] == pointers


RIGHT = [
    RULE + 'kind = "combination"\nall_of = ["HOT", "LOW"]' + LOW + "low = 89\nhysteresis = 2",
    RULE + 'kind = "combination"\nall_of = ["HOT", "LOW"]' + LOW + "low = 89\nkeep_firing_s = 60",
    RULE + 'kind = "combination"\nall_of = ["HOT", "LOW"]' + LOW + "low = 10\nhigh = 80",
    RULE + 'kind = "combination"\nany_of = ["HOT", "LOW"]' + LOW + "low = 90",
    RULE + 'kind = "combination"\nany_of = ["HOT", "LOW"]\nnone_of = ["LOW"]' + LOW + "low = 5",
    MODES + RULE + MODE + 'codes = [{ code = "X", value = "0" }, { code = "E2", bit = 1 }]',
    RULE + 'kind = "window"\nsignal = "heat"\naggregate = "count"\nover_s = 5\nhigh = 1',
    RULE + RATE + "low = 1" + RUNS,
    RULE + 'kind = "counter_due"\nsignal = "heat"\nevery_months = 6\ndue_on = 2027-03-31\nahead_s = 86400',
    RULE + 'kind = "native"\nsignal = "state"\nstandard = "snmp-alarm"\nby_code = true',
]


@pytest.mark.parametrize("added", RIGHT, ids=range(len(RIGHT)))
def test_what_makes_sense_is_taken(added):
    assert read_profile(HEAD + added).rules[-1].code in {"LOW", "X"}


def test_every_wrong_field_is_told_at_once():
    with pytest.raises(Invalid) as refused:
        read_profile(HEAD + "low = 95\npending_s = -1\n" + RULE + 'kind = "limit"\nsignal = "cold"\nhigh = 1')

    assert [error.pointer for error in refused.value.errors] == [
        "/rules/0/pending_s",
        "/rules/0/low",
        "/rules/1/signal",
    ]


def test_combinations_that_lead_back_are_refused():
    a = '[[rules]]\ncode = "A"\nsource = "s"\nkind = "combination"\nany_of = ["B", "HOT"]\n'
    b = '[[rules]]\ncode = "B"\nsource = "s"\nkind = "combination"\nall_of = ["A"]\n'

    with pytest.raises(Invalid) as refused:
        read_profile(HEAD + a + b)

    assert [error.pointer for error in refused.value.errors] == ["/rules/1/any_of/0", "/rules/2/all_of/0"]


NO_PROFILE = [
    ("format = 2", "/format"),
    ("format = 1", "/name"),
    ("format = ", ""),
    ("", "/name"),
    ("x = " + "[" * 3_000 + "]" * 3_000, ""),
    ("x = " + "9" * 5_000, ""),
    ("name = 'x'\nexpected_interval_s = " + "9" * 400, "/expected_interval_s"),
]


@pytest.mark.parametrize(("text", "pointer"), NO_PROFILE, ids=range(len(NO_PROFILE)))
def test_file_that_is_no_profile_is_refused(text, pointer):
    with pytest.raises(Invalid) as refused:
        read_profile(text)

    assert [error.pointer for error in refused.value.errors] == [pointer]
