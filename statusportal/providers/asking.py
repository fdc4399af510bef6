"""Calls to a provider: its description, its keys, the redeeming of a code, and what it knows of somebody.

Each goes to the address that was judged, within a size and a time; no transaction waits for it.
"""

import threading
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus

import msgspec
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from statusportal.calls.addresses import target_of
from statusportal.calls.fetching import Answer, CallFailed, fetch
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.providers.claims import PublicKey, keys_in
from statusportal.providers.descriptions import description_address, description_of
from statusportal.providers.errors import ProviderFaulty
from statusportal.providers.vocabulary import Description, Party, Question, Trial
from statusportal.work import Works

_MOST_BYTES = 262_144
_KEPT_S = 300.0
_FORM = "application/x-www-form-urlencoded"


class Descriptions:
    """Keep what providers say of themselves for five minutes, so that a crowd at our door is none at theirs."""

    def __init__(self, _works: Works) -> None:
        self._kept: dict[Party, tuple[Description, float]] = {}
        self._lock = threading.Lock()

    def of(self, party: Party) -> Description:
        """Return a provider's description.

        Raises: ProviderFaulty.
        """
        with self._lock:
            found = self._kept.get(party)
        if found and found[1] > time.monotonic():
            return found[0]
        description = describe(party)
        with self._lock:
            self._kept = {one: kept for one, kept in self._kept.items() if kept[1] > time.monotonic()}
            self._kept[party] = description, time.monotonic() + _KEPT_S
        return description


def describe(party: Party) -> Description:
    """Fetch what a provider says of itself.

    Raises: ProviderFaulty.
    """
    return description_of(party.issuer, _get(party, description_address(party.issuer)))


def try_out(party: Party) -> Trial:
    """Fetch what a sign-in would need, and say plainly what is wrong."""
    try:
        description = describe(party)
        keys_of(party, description)
    except ProviderFaulty as faulty:
        return Trial(faulty.sentence)
    notes = []
    if not description.says_s256:
        notes.append(Sentence("It does not say whether it takes PKCE with S256. The portal sends it all the same."))
    if not description.names_itself:
        notes.append(Sentence("It does not name itself in its answers. The portal tells it by an address of its own."))
    return Trial(None, tuple(notes))


def address_to_ask(party: Party, description: Description, question: Question) -> str:
    """Return the address at the provider that somebody is sent to."""
    # A proof is somebody who signs in now, and no session of before.
    anew = {"prompt": "login", "max_age": "0"} if question.is_anew else {}
    return str(
        prepare_grant_uri(
            description.authorization_endpoint,
            client_id=party.client_id,
            response_type="code",
            redirect_uri=party.redirect_uri,
            scope=" ".join(party.scopes),
            state=question.state,
            nonce=question.nonce,
            code_challenge=create_s256_code_challenge(question.verifier),
            code_challenge_method="S256",
            **anew,
        )
    )


def redeem(party: Party, description: Description, code: str, verifier: str) -> tuple[str, str]:
    """Give a code back for the ID token and the access token.

    Raises: ProviderFaulty.
    """
    body = prepare_token_request(
        "authorization_code", code=code, redirect_uri=party.redirect_uri, code_verifier=verifier
    )
    headers = {"Accept": "application/json", "Content-Type": _FORM}
    address, headers, body = _authenticated(party, description).prepare(
        "POST", description.token_endpoint, headers, body
    )
    answer = _read_json(_call(party, address, "POST", headers, body.encode()))
    tokens = answer.get("id_token"), answer.get("access_token")
    if not isinstance(tokens[0], str) or not isinstance(tokens[1], str):
        raise ProviderFaulty("token", Sentence("The provider answered without an ID token."))
    return tokens[0], tokens[1]


def keys_of(party: Party, description: Description) -> list[PublicKey]:
    """Fetch the keys that a provider signs with.

    Raises: ProviderFaulty.
    """
    return keys_in(_get(party, description.jwks_uri))


def claims_about(party: Party, description: Description, subject: str, access_token: str) -> Mapping[str, Any]:
    """Fetch what a provider knows of somebody beside the ID token; nothing where it keeps nothing.

    Raises: ProviderFaulty, also when it speaks of somebody else.
    """
    if description.userinfo_endpoint is None:
        return {}
    headers = {"Accept": "application/json", "Authorization": f"Bearer {access_token}"}
    claims = _read_json(_call(party, description.userinfo_endpoint, "GET", headers, None))
    if claims.get("sub") != subject:
        raise ProviderFaulty("userinfo", Sentence("The provider speaks of somebody else in its second answer."))
    return claims


def _authenticated(party: Party, description: Description) -> ClientAuth:
    """Say how the portal shows the provider who it is. The library's own Basic does not encode what it joins."""
    if not party.client_secret:
        method: Any = "none"
    else:
        method = "client_secret_post" if description.takes_secret_in_body else "client_secret_basic"
    if method != "client_secret_basic":
        return ClientAuth(party.client_id, party.client_secret, method)
    # Source: RFC 6749, 2.3.1 asks for form encoding of each of the two.
    return ClientAuth(quote_plus(party.client_id), quote_plus(party.client_secret), method)


def _get(party: Party, address: str) -> bytes:
    answer = _call(party, address, "GET", {"Accept": "application/json"}, None)
    if answer.status != HTTPStatus.OK:
        raise ProviderFaulty(
            "status", Sentence("The provider answers %(status)s at %(address)s.", status=answer.status, address=address)
        )
    return answer.body


def _call(party: Party, address: str, method: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    try:
        target = target_of(address, party.allowed)
        return fetch(target, method, headers, body, _MOST_BYTES)
    except Invalid as err:
        raise ProviderFaulty(
            "address", Sentence("%(address)s: %(why)s", address=address[:500], why=err.errors[0].detail)
        ) from err
    except CallFailed as err:
        raise ProviderFaulty(
            "unreachable",
            Sentence(
                "The provider cannot be reached at %(address)s: %(why)s", address=address[:500], why=str(err)[:300]
            ),
        ) from err


def _read_json(answer: Answer) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(answer.body, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError) as err:
        raise ProviderFaulty("answer", Sentence("The provider's answer cannot be read.")) from err
    if answer.status != HTTPStatus.OK:
        code = found.get("error")
        raise ProviderFaulty(
            "refused",
            Sentence("The provider refused: %(why)s.", why=code[:100] if isinstance(code, str) else answer.status),
        )
    return found
