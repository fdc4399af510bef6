"""An identity provider in this process, honest until it is told to misbehave: what no kept library can be made to do.

It signs with a key of its own, checks PKCE and its client's secret as a real one does, and keeps every call that came.
"""

import base64
import functools
import hashlib
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "portal: at work", "a secret % of ours +"


@dataclass
class Somebody:
    """Who signs in at the provider, as it knows them."""

    subject: str
    email: str = ""
    is_verified: bool = True
    name: str = ""


@dataclass
class Habits:
    """How the provider misbehaves: `claims` replace those of the token, None takes one out; `times` count from now."""

    claims: dict[str, Any] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, str | None] = field(default_factory=dict)
    signs: str = "RS256"
    status: int = 200
    tells_mail_apart: bool = False
    body: bytes | None = None


class Provider:
    """A provider at `issuer`; `go(address)` is what a browser does there, and returns where it is sent back to."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.habits = Habits()
        self.calls: list[str] = []
        self.asked: dict[str, str] = {}
        self._now = now
        self._codes: dict[str, tuple[Somebody, dict[str, str], int]] = {}
        self._tokens: dict[str, Somebody] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def go(self, address: str, somebody: Somebody) -> str:
        """Sign somebody in and return the address that their browser is sent back to."""
        assert address.startswith(f"{self.issuer}/authorize?")
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(16)
        self._codes[code] = somebody, self.asked, int(self._now().timestamp())
        answer = {"code": code, "state": self.asked["state"], "iss": self.issuer} | self.habits.answer
        return f"{self.asked['redirect_uri']}?{urlencode({n: v for n, v in answer.items() if v is not None})}"

    def _get(self, path: str, authorization: str) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/me",
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
            } | self.habits.description
        if path == "/keys":
            old = ECKey.generate_key("P-256", {"kid": "old"}).as_dict(private=False)
            return 200, {"keys": [old, {"kty": "new"}, _key("own").as_dict(private=False)]}
        if path == "/me":
            somebody = self._tokens[authorization.removeprefix("Bearer ")]
            return 200, {"sub": somebody.subject, **_mail(somebody)}
        return 404, {}

    def _redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        shown = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        somebody, asked, at = self._codes.pop(form.get("code", ""), (None, {}, 0))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        is_right = [unquote_plus(one) for one in shown] == [CLIENT_ID, CLIENT_SECRET]
        is_same = form["redirect_uri"] == asked.get("redirect_uri")
        if somebody is None or not is_right or not is_same or challenge.rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        access_token = secrets.token_urlsafe(16)
        self._tokens[access_token] = somebody
        return 200, {"access_token": access_token, "token_type": "Bearer", "id_token": self._token(somebody, asked, at)}

    def _token(self, somebody: Somebody, asked: dict[str, str], at: int) -> str:
        now = int(self._now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": somebody.subject,
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "auth_time": at,
            "nonce": asked["nonce"],
            **({} if self.habits.tells_mail_apart else _mail(somebody)),
            "name": somebody.name,
        } | self.habits.claims
        claims |= {name: now + seconds for name, seconds in self.habits.times.items()}
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.habits.signs == "none":
            parts = ({"alg": "none"}, claims)
            return ".".join(_plain(json.dumps(one).encode()) for one in parts) + "."
        if self.habits.signs == "HS256":
            shared = OctKey.import_key(CLIENT_SECRET.encode().ljust(32))
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, shared)
        key = _key("strange") if self.habits.signs == "strange" else _key("own")
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.calls.append(self.path)
            status, body = provider._get(self.path, self.headers.get("Authorization", ""))
            self._answer(status, body)

        def do_POST(self) -> None:
            provider.calls.append(self.path)
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, body = provider._redeem(
                {name: values[0] for name, values in form.items()}, self.headers.get("Authorization", "")
            )
            self._answer(status, body)

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            raw = json.dumps(body).encode() if provider.habits.body is None else provider.habits.body
            self.send_response(status if provider.habits.status == 200 else provider.habits.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@functools.cache
def _key(name: str) -> RSAKey:
    """Make a key, once a run: it takes longer than a sign-in."""
    assert name
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


def _mail(somebody: Somebody) -> dict[str, Any]:
    return {"email": somebody.email, "email_verified": somebody.is_verified} if somebody.email else {}


def _plain(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
