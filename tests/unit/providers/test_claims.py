"""What a signed token vouches for is what its provider said of one person to this portal, and nothing besides."""

import json
from datetime import UTC, datetime

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from statusportal.providers.claims import keys_in, vouched_in, vouched_of
from statusportal.providers.errors import ProviderFaulty
from statusportal.providers.vocabulary import Expected

NOW_S = 1_800_000_000
ISSUER, CLIENT = "https://login.example.com", "portal"
EXPECTED = Expected(ISSUER, CLIENT, "a nonce", "an access token", NOW_S)
CURVE = ECKey.generate_key("P-256", {"kid": "curve"})
OTHER = ECKey.generate_key("P-256", {"kid": "curve"})


def signed(claims=None, header=None, key=CURVE):
    whole = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "jens",
        "exp": NOW_S + 60,
        "iat": NOW_S,
        "nonce": "a nonce",
        **(claims or {}),
    }
    return jwt.encode({"alg": "ES256", **(header or {})}, whole, key)


def told(code):
    return pytest.raises(ProviderFaulty, check=lambda err: err.code == code)


def test_key_is_found_by_its_name_or_where_there_is_none_by_trying():
    named, nameless = signed(header={"kid": "curve"}), signed()
    strange = ECKey.generate_key("P-256", {"kid": "another"})

    found = [vouched_in(one, [strange, CURVE], EXPECTED).subject for one in (named, nameless)]

    assert found == ["jens", "jens"]
    with told("signature"):
        vouched_in(signed(header={"kid": "another"}), [strange, CURVE], EXPECTED)
    with told("signature"):
        vouched_in(signed(key=OTHER), [CURVE], EXPECTED)


def test_keys_of_other_kinds_and_uses_are_passed_over():
    shared = OctKey.generate_key(256).as_dict()
    sealing = RSAKey.generate_key(2048, {"use": "enc"}).as_dict(private=False)
    odd = [7, {"kty": "EC", "crv": "P-256", "x": "!", "y": "!"}, {"kty": "new"}, shared, sealing]

    found = keys_in(json.dumps({"keys": [*odd, CURVE.as_dict(private=False)]}).encode())

    assert [one.kid for one in found] == ["curve"]
    for body in (json.dumps({"keys": odd}).encode(), b'{"keys": 7}', b"[]", b"no JSON"):
        with told("keys"):
            keys_in(body)


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "a.b.c.d.e", "\u2028.\u2028.\u2028"])
def test_what_is_no_token_is_refused(token):
    with pytest.raises(ProviderFaulty):
        vouched_in(token, [CURVE], EXPECTED)


@pytest.mark.parametrize("subject", ["", " \n", 7, None, "x" * 256, "a\x00b"])
def test_subject_is_a_short_line(subject):
    with told("sub"):
        vouched_in(signed({"sub": subject}), [CURVE], EXPECTED)


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({"email": " Jens@Example.com ", "email_verified": True}, "jens@example.com"),
        ({"email": "jens@example.com", "email_verified": "true"}, "jens@example.com"),
        ({"email": "jens@example.com", "email_verified": "false"}, None),
        ({"email": "jens@example.com", "email_verified": 1.0}, None),
        ({"email": "jens@example.com"}, None),
        ({"email": ["jens@example.com"], "email_verified": True}, None),
        ({"email": "jens\x00@example.com", "email_verified": True}, None),
    ],
)
def test_address_counts_only_where_the_provider_verified_it(claims, email):
    assert vouched_of("jens", claims).email == email


@pytest.mark.parametrize(
    ("seconds", "at"),
    [
        (NOW_S, datetime.fromtimestamp(NOW_S, UTC)),
        (NOW_S + 0.5, datetime.fromtimestamp(NOW_S + 0.5, UTC)),
        (True, None),
        ("1800000000", None),
        (1e300, None),
        (float("nan"), None),
    ],
)
def test_time_of_signing_in_is_a_number_that_can_be(seconds, at):
    assert vouched_of("jens", {"auth_time": seconds}).authenticated_at == at


def test_name_is_one_printable_line():
    assert vouched_of("jens", {"name": "  Jens\x00\nHolm "}).name == "JensHolm"
    assert vouched_of("jens", {"name": {"first": "Jens"}}).name == ""
