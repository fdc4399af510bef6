"""Codes of an app and of paper."""

from datetime import UTC, datetime, timedelta

import pytest

from statusportal.proofs.codes import STEP_S, app_address, fitting_step, new_recovery_code, recovery_digest
from statusportal.proofs.errors import ProofUnreadable
from statusportal.proofs.sealing import seal, unseal

# RFC 6238, appendix B: the SHA-1 secret, a time in seconds and the last six digits of its eight.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]


@pytest.mark.parametrize(("at_s", "code"), VECTORS)
def test_code_of_the_standard_fits_its_step(at_s, code):
    assert fitting_step(SECRET, code, datetime.fromtimestamp(at_s, UTC)) == at_s // STEP_S


@pytest.mark.parametrize("away", [-1, 0, 1])
def test_neighbouring_step_fits(away):
    at = datetime.fromtimestamp(1_111_111_109, UTC) + timedelta(seconds=STEP_S * away)

    assert fitting_step(SECRET, "081 804", at) == 1_111_111_109 // STEP_S


@pytest.mark.parametrize("away", [-2, 2])
def test_step_further_away_does_not_fit(away):
    at = datetime.fromtimestamp(1_111_111_109, UTC) + timedelta(seconds=STEP_S * away)

    assert fitting_step(SECRET, "081804", at) is None


@pytest.mark.parametrize(
    "code", ["", "28708", "2870822", "abcdef", "".join(chr(0xFF10 + int(one)) for one in "287082"), "287082\x00"]
)
def test_odd_code_fits_nothing(code):
    assert fitting_step(SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_address_names_account_and_operator():
    address = app_address(SECRET, "mette@example.com", "Nordværk")

    assert address.startswith("otpauth://totp/Nordv%C3%A6rk:mette%40example.com?secret=" + SECRET)


def test_recovery_code_is_known_however_it_is_typed():
    code = new_recovery_code()

    assert recovery_digest(code.upper().replace("-", "  ")) == recovery_digest(code)
    assert len({new_recovery_code() for _ in range(200)}) == 200


def test_secret_sealed_with_another_key_stays_shut():
    sealed = seal("one key", SECRET)

    assert unseal("one key", sealed) == SECRET
    assert SECRET.encode() not in sealed
    with pytest.raises(ProofUnreadable):
        unseal("another key", sealed)
