"""What is read from an uploaded certificate and from a proxy's header, and what is refused with which words."""

import base64
from urllib.parse import quote

import pytest

from statusportal.credentials.certificates import find_in_header, read_certificate
from statusportal.foundation.errors import Faults
from tests.factories.client_certificates import Authority


@pytest.fixture(scope="module")
def machine():
    return Authority().issue("mælk-analyser-3")


def refused(pem):
    faults = Faults()
    found = read_certificate(faults, "/certificate", pem)
    return found, [(one.pointer, one.detail) for one in faults.errors]


def test_upload_says_who_it_is_and_how_long_it_lasts(machine):
    facts, faults = refused(f"Bag Attributes\n{machine.pem}\n")

    assert faults == []
    assert (facts.fingerprint, facts.common_name) == (machine.fingerprint, "mælk-analyser-3")
    assert facts.starts_at == machine.certificate.not_valid_before_utc
    assert facts.expires_at == machine.certificate.not_valid_after_utc


def test_key_in_an_upload_is_refused_before_anything_is_kept(machine):
    assert refused(machine.pem + machine.key_pem) == (
        None,
        [("/certificate", "holds a private key. That stays on the machine; send the certificate alone")],
    )


def test_chain_is_refused_since_one_of_them_is_not_the_machines(machine):
    other = Authority().issue("other")

    assert refused(machine.pem + other.pem) == (
        None,
        [("/certificate", "holds 2 certificates. Send the machine's own alone")],
    )


@pytest.mark.parametrize("text", ["", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "\x00é"])
def test_anything_else_is_no_certificate(text):
    assert refused(text) == (None, [("/certificate", "is no certificate in PEM form")])


def test_both_forms_of_a_header_are_read(machine):
    nginx = find_in_header(quote(machine.pem))
    rfc_9440 = find_in_header(f":{base64.b64encode(machine.der).decode()}:")

    assert nginx == rfc_9440
    assert nginx.fingerprint == machine.fingerprint


@pytest.mark.parametrize(
    "value",
    ["", "(null)", ":", "::", ":AAAA:", ":é:", "%00", "%2D" * 9000, "A" * 20_000, "-----BEGIN CERT"],
)
def test_header_that_holds_no_certificate_is_none(value):
    assert find_in_header(value) is None


def test_two_headers_joined_by_a_comma_are_none(machine):
    forms = (quote(machine.pem), f":{base64.b64encode(machine.der).decode()}:")

    assert [find_in_header(f"{one},{one}") for one in forms] == [None, None]
