"""Reasons in plain English and Danish."""

from uuid import UUID

import pytest

from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side, SignalKind, SignalRule
from statusportal.foundation.vocabulary import Health
from statusportal.reasons.sentences import limit_broken, quantity, reason, sentence, silence

NB = "\u00a0"
CELSIUS = SignalRule("t", "Inside", "Indeni", "°C", SignalKind.NUMBER, 1)
LIMIT = LimitRule(UUID(int=1), "t", "warm", Side.HIGH, -70.0, 2.0, 0, Health.FAILURE)


def rules(limit=LIMIT):
    return ModelRules(60, signals=(CELSIUS,), limits=(limit,))


def test_limit_is_told_with_value_limit_and_unit():
    told = limit_broken(LIMIT, rules(), -66.84)

    assert sentence(told, "en") == f"Inside is −66.8{NB}°C, above the limit of −70.0{NB}°C."
    assert sentence(told, "da") == f"Indeni er −66,8{NB}°C, over grænsen på −70,0{NB}°C."
    assert told["key"] == "limit_high"
    assert told["args"] == {"signal": "t", "value": -66.84, "limit": -70.0, "code": "warm"}


def test_models_own_words_go_before_the_portals():
    own = LimitRule(
        UUID(int=1), "t", "warm", Side.HIGH, -70.0, 2.0, 0, Health.FAILURE,
        "It is {value} inside and warming.", "Der er {value} indeni. Grænsen er {limit}.",
    )  # fmt: skip

    told = limit_broken(own, rules(own), -66.8)

    assert sentence(told, "en") == f"It is −66.8{NB}°C inside and warming."
    assert sentence(told, "da") == f"Der er −66,8{NB}°C indeni. Grænsen er −70,0{NB}°C."


@pytest.mark.parametrize(
    "template",
    ["{value.__class__}", "{value[0]}", "{0}", "{}", "{secret}", "{value", "{unit.real}"],
)
def test_template_that_is_none_gives_the_portals_own_words(template):
    own = LimitRule(UUID(int=1), "t", "warm", Side.HIGH, 1.0, 0.0, 0, Health.FAILURE, template, template)

    told = sentence(limit_broken(own, rules(own), 2.0), "en")

    assert told == f"Inside is 2.0{NB}°C, above the limit of 1.0{NB}°C."


@pytest.mark.parametrize(
    ("value", "english", "danish"),
    [
        (0.0, f"0.0{NB}°C", f"0,0{NB}°C"),
        (-0.04, f"0.0{NB}°C", f"0,0{NB}°C"),
        (12345.678, f"12,345.7{NB}°C", f"12.345,7{NB}°C"),
        (-5, f"−5.0{NB}°C", f"−5,0{NB}°C"),
    ],
)
def test_quantities(value, english, danish):
    assert (quantity(float(value), CELSIUS, "en"), quantity(float(value), CELSIUS, "da")) == (english, danish)


def test_formats_of_a_template_are_ignored():
    own = LimitRule(UUID(int=1), "t", "w", Side.HIGH, 1.0, 0.0, 0, Health.FAILURE, "{value!r:>9999999}", "{value:x}")

    told = limit_broken(own, rules(own), 2.0)

    assert (told["en"], told["da"]) == (f"2.0{NB}°C", f"2,0{NB}°C")


def test_number_without_a_declaration_keeps_its_digits_and_has_no_unit():
    assert [quantity(value, None, "en") for value in (3.0, 3.25, 1e-3, 1e300, -1e300)] == [
        "3",
        "3.25",
        "0.001",
        "1e+300",
        "−1e+300",
    ]


def test_silence_is_told_in_the_readers_time_and_language():
    monday = 1_763_395_320_000
    told = silence("offline", monday, Health.NORMAL, "Europe/Copenhagen")

    assert sentence(told, "en") == "Nothing heard since Monday 17:02. It was normal then."
    assert sentence(told, "da") == f"Intet hørt siden mandag kl.{NB}17.02. Da var alt normalt."
    assert sentence(told, "en", "UTC") == "Nothing heard since Monday 16:02. It was normal then."
    month_later = monday + 30 * 86_400_000
    assert sentence(told, "en", "UTC", month_later) == "Nothing heard since 17 November 2025 16:02. It was normal then."


def test_other_language_reads_english():
    assert sentence(reason("normal"), "de") == sentence(reason("normal"), "en") == "Measuring normally."
