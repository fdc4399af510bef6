"""The door of every request, in fixed steps: who, how often, from where, may they enter, was it answered before."""

import math
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect
from limits import parse
from limits.strategies import MovingWindowRateLimiter

from statusportal.access.actor import Actor
from statusportal.access.counting import Counters
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.access.vocabulary import ActorKind
from statusportal.foundation.clock import SystemClock
from statusportal.foundation.errors import Forbidden, NotFound, NotSignedIn, Sentence, TooMany
from statusportal.http import portal
from statusportal.http.guessing import count_guess, refuse_guessing
from statusportal.http.identity import came_by_cookie, identify
from statusportal.http.links import identify_by_link
from statusportal.http.policies import Door, RoutePolicy, policy_for
from statusportal.http.retries import replay
from statusportal.http.seeing import refuse_personal, refuse_writing
from statusportal.proofs.errors import SecondProofOwed

_SAFE = {"GET", "HEAD", "OPTIONS"}
# What a browser names as the origin of a form on a page that tells nobody where it came from; the form's token counts.
_WITHHELD = "null"

csrf = CSRFProtect()
_requests = MovingWindowRateLimiter(Counters())


def enter() -> Response | None:
    """Let the request in, or raise what refuses it; an answer kept under its key comes at once."""
    identify()
    if request.endpoint is None:
        return None
    policy = policy_for(current_app, request.endpoint, request.method)
    if policy is None:
        return None  # OPTIONS: Flask answers it from the map of routes
    if policy.door is Door.LINK:
        identify_by_link()
    refuse_guessing()
    _limit_requests()
    refuse_writing(policy)
    refuse_personal(policy)
    _refuse_foreign_origin(policy)
    _admit(policy)
    _refuse_unaskable()
    return replay()


def _refuse_unaskable() -> None:
    """Answer an address with a NUL as one of nothing: no name holds it, and PostgreSQL does not take it as a question.

    Raises: NotFound.
    """
    if "\x00" in request.path:
        raise NotFound


def _limit_requests() -> None:
    actor = portal.actor()
    per_minute = portal.settings().requests_per_minute
    if per_minute == 0 or actor.kind not in {ActorKind.PERSON, ActorKind.LINK}:
        return
    item = parse(f"{per_minute}/minute")
    sender = str(actor.session_id or actor.credential_id or actor.person_id)
    if not _requests.hit(item, sender):
        raise TooMany(
            Sentence("At most %(most)s requests a minute.", most=per_minute), retry_after_s=_wait_s(item, sender)
        )


def _wait_s(item: object, sender: str) -> int:
    window = _requests.get_window_stats(item, sender)  # type: ignore[arg-type]  # parse() returns the item it wants
    # The limiter counts in real time, whatever clock the portal works by.
    return max(1, math.ceil(window.reset_time - SystemClock().now().timestamp()))


def _refuse_foreign_origin(policy: RoutePolicy) -> None:
    """Refuse what another site made a browser send.

    Calls by token cannot be forged that way. Before the sign-in call of the API nobody has
    asked for a CSRF token, so its origin alone counts.
    """
    if request.method in _SAFE or policy.door is Door.MACHINE:
        return
    actor = portal.actor()
    if actor.kind is not ActorKind.ANONYMOUS and not came_by_cookie():
        return
    origin = request.headers.get("Origin")
    if origin == _WITHHELD and policy.door is Door.LINK:
        origin = None
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden("origin:same")
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        raise Forbidden("origin:same")
    is_api = request.path.startswith("/api/")
    if not is_api or (came_by_cookie() and policy.door is not Door.PUBLIC):
        csrf.protect()


def _admit(policy: RoutePolicy) -> None:
    actor = portal.actor()
    if policy.door is Door.PUBLIC:
        return
    if policy.door is Door.MACHINE:
        if actor.kind is ActorKind.ANONYMOUS:
            raise NotSignedIn("A device token or a gateway token is needed.")
        if actor.kind is not ActorKind.MACHINE:
            raise Forbidden(Permission.TELEMETRY_SEND.value, "a device or gateway token")
        return
    if policy.door is Door.LINK:
        if actor.kind is not ActorKind.LINK:
            raise NotFound
        return
    if actor.kind is not ActorKind.PERSON:
        raise NotSignedIn("Sign in first.")
    _refuse_out_of_scope(actor, policy)
    if actor.owes_second_proof and not policy.lets_owing_in:
        raise SecondProofOwed
    is_held = any(actor_holds(actor, one, None) for one in policy.permissions)
    if policy.door is Door.HOLDER and policy.permission is not None and not is_held:
        require(actor, policy.permission)


def _refuse_out_of_scope(actor: Actor, policy: RoutePolicy) -> None:
    """Hold a token to its scopes, for reading too; nothing was looked at yet, so foreign and missing are alike."""
    if actor.scopes is None or policy.for_any_token:
        return
    if not policy.permissions:
        raise Forbidden("account:own", "its person, by a session or a token without scopes")
    if not any(actor.is_scoped_to(one) for one in policy.permissions):
        raise Forbidden(min(policy.permissions).value, "its person, by a token with this scope")


def init_app(app: Flask) -> None:
    """Hang the door. It comes first, so that no route runs without it."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = False
    csrf.init_app(app)
    app.before_request(enter)
    app.after_request(count_guess)
    app.teardown_request(lambda _error: g.pop("actor", None) and None)
