"""What systems, brokers and msgspec say is known, so that a page can say it in another language."""

import errno
import json
import os
import socket
import ssl
from enum import StrEnum
from typing import Annotated

import msgspec
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from devices.adapters.mqtt.broker_words import broker_words
from devices.errors import PayloadMalformed
from devices.formats.json_text import parse_json
from devices.option_faults import option_fault
from devices.system_words import certificate_words, system_words

LEAST_FAILURE = 128


class Colour(StrEnum):
    RED = "red"


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    kind: str


class Outer(msgspec.Struct):
    number: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1
    share: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.5
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=3)] = "a"
    names: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=2)] = ("a",)
    colour: Colour = Colour.RED
    table: dict[str, str | Inner] = {}
    inner: tuple[Inner, ...] = ()


def codes(packet):
    names = ReasonCode(PacketTypes.CONNACK).names
    failures = {
        code for code, names in names.items() if code >= LEAST_FAILURE for kinds in names.values() if packet in kinds
    }
    return sorted(failures | ({0, 4} if packet == PacketTypes.DISCONNECT else set()))


@pytest.mark.parametrize("packet", [PacketTypes.CONNACK, PacketTypes.SUBACK, PacketTypes.DISCONNECT])
def test_every_answer_of_a_broker_has_words_of_ours(packet):
    said = {code: ReasonCode(packet, identifier=code) for code in codes(packet)}

    assert len(said) > 5
    assert [code for code, reason in said.items() if broker_words(reason) == str(reason)] == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"number": "1"}, "number: Expected a whole number, not a text."),
        ({"number": 0}, "number: Expected 1 or more."),
        ({"number": 10}, "number: Expected 9 or less."),
        ({"share": 0.0}, "share: Expected more than 0.0."),
        ({"share": 1.0}, "share: Expected less than 1.0."),
        ({"name": ""}, "name: Expected 1 characters or more."),
        ({"name": "abcd"}, "name: Expected 3 characters or less."),
        ({"names": []}, "names: Expected 1 entries or more."),
        ({"names": ["a", "b", "c"]}, "names: Expected 2 entries or less."),
        ({"names": {}}, "names: Expected a list, not a table."),
        ({"colour": "blue"}, "colour: There is no choice 'blue'."),
        ({"table": {"a": 1}}, "table[...]: Expected a text or a table, not a whole number."),
        ({"inner": [{}]}, "inner[0]: kind is missing."),
        ({"inner": [{"kind": "x", "sort": 1}]}, "inner[0]: There is no field sort."),
        ({"inner": [{"kind": True}]}, "inner[0].kind: Expected a text, not true or false."),
        (None, "Expected a table, not nothing."),
    ],
)
def test_every_fault_of_an_option_is_a_sentence_of_ours(given, sentence):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(given, Outer)

    assert option_fault(str(caught.value)) == sentence


@pytest.mark.parametrize(
    "number", [errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ETIMEDOUT, errno.ENOENT, errno.EACCES]
)
def test_common_trouble_of_a_system_has_words_of_ours(number):
    assert system_words(OSError(number, os.strerror(number))) != os.strerror(number)


def test_names_and_certificates_have_words_of_ours_and_the_rest_is_quoted():
    unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    expired = ssl.SSLCertVerificationError(1, "certificate verify failed")
    expired.verify_code, expired.verify_message = 10, "certificate has expired"

    assert system_words(unknown) == "nobody knows the name"
    assert certificate_words(expired) == "it has expired"
    assert system_words(TimeoutError("timed out")) == "no answer came in time"
    assert system_words(OSError(9_999, "odd")) == "odd"


@pytest.mark.parametrize(
    "body", ["", "{a", '{"a" 1}', "[1 2]", '["a', '["\x01"]', r'["\x"]', r'["\u12"]', "1 1", '{"a": 1,}', "[1,]"]
)
def test_every_trouble_of_json_has_words_of_ours(body):
    with pytest.raises(json.JSONDecodeError) as foreign:
        json.loads(body)
    with pytest.raises(PayloadMalformed) as ours:
        parse_json(body.encode())

    assert foreign.value.msg not in ours.value.detail
