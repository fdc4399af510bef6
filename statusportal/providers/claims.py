"""What a signed token vouches for, held against what was asked.

The library checks signature, times, audience and nonce; what it lets pass that OpenID Connect forbids is refused here.
Source: OpenID Connect Core 1.0, 3.1.3.7 and 5.7; RFC 8725, 3.1 for the list of algorithms.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

from statusportal.foundation.errors import Sentence
from statusportal.providers.errors import ProviderFaulty
from statusportal.providers.vocabulary import Expected, Vouched

# Each with a key that the provider alone has: no shared secret signs, and nothing goes unsigned.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_S = 60
_KINDS = {"RSA", "EC", "OKP"}
_SUBJECT_MOST, _NAME_MOST, _ADDRESS_MOST = 255, 200, 254

PublicKey = RSAKey | ECKey | OKPKey


def keys_in(body: bytes) -> list[PublicKey]:
    """Read the keys that a provider signs with; keys of other kinds and for other uses are passed over.

    Raises: ProviderFaulty when none is left.
    """
    try:
        written = msgspec.json.decode(body, type=dict[str, Any]).get("keys")
    except (msgspec.DecodeError, msgspec.ValidationError):
        written = None
    found = []
    for one in written if isinstance(written, list) else []:
        if isinstance(one, dict) and one.get("kty") in _KINDS and one.get("use", "sig") == "sig":
            try:
                key = import_key(one)
            except (JoseError, ValueError, TypeError, KeyError):
                continue
            if isinstance(key, RSAKey | ECKey | OKPKey):
                found.append(key)
    if not found:
        raise ProviderFaulty("keys", Sentence("The provider shows no key with which it could sign."))
    return found


def vouched_in(token: str, keys: Sequence[PublicKey], expected: Expected) -> Vouched:
    """Return whom an ID token vouches for, once its signature and every claim of it hold.

    Raises: ProviderFaulty, with a code that names the claim.
    """
    header, claims = _opened(token, keys)
    options = {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
        "iat": {"essential": True},
        "nonce": {"essential": True, "value": expected.nonce},
    }
    params = {"client_id": expected.client_id, "nonce": expected.nonce, "access_token": expected.access_token}
    checked = CodeIDToken(claims, header, options, params)
    try:
        checked.validate(now=expected.now_s, leeway=LEEWAY_S)
    except (JoseError, ValueError, TypeError) as err:
        raise _refused(str(getattr(err, "claim", "") or getattr(err, "error", "") or "claims")) from err
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_MOST or not subject.isprintable():
        raise _refused("sub")
    return vouched_of(subject, claims)


def vouched_of(subject: str, claims: Mapping[str, Any]) -> Vouched:
    """Return what claims say about a subject: an address counts only where the provider says that it verified it.

    Some write the word instead of the truth; both are the provider's own statement.
    """
    email, name = claims.get("email"), claims.get("name")
    said = claims.get("email_verified")
    is_verified = (said is True or said == "true") and isinstance(email, str) and email.isprintable()
    at = claims.get("auth_time")
    return Vouched(
        subject=subject,
        email=email.strip().lower()[:_ADDRESS_MOST] if is_verified and isinstance(email, str) else None,
        name="".join(sign for sign in name if sign.isprintable()).strip()[:_NAME_MOST] if isinstance(name, str) else "",
        authenticated_at=_instant(at),
    )


def _opened(token: str, keys: Sequence[PublicKey]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a token that one of the keys signed; with a key's name in it, that key alone."""
    try:
        wanted = jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError, TypeError) as err:
        raise _refused("token") from err
    for key in (one for one in keys if wanted is None or one.kid == wanted):
        try:
            opened = jwt.decode(token, key, algorithms=list(ALGORITHMS))
        except (JoseError, ValueError, TypeError):
            continue
        return dict(opened.header), dict(opened.claims)
    raise _refused("signature")


def _instant(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _refused(code: str) -> ProviderFaulty:
    return ProviderFaulty(code, Sentence("What the provider sent does not hold: %(what)s.", what=code))
