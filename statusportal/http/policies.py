"""The declared policy of every route and socket event. The app does not start while one is missing.

A declaration says who gets through the door. What they may do with the thing behind it is asked in the verb and in the
query, never only here: `checked_by` names that permission for the reader and for the generated matrix.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask

from statusportal.access.permissions import Permission

Declared = TypeVar("Declared", bound=Callable[..., Any])

_MARK = "__portal_policy__"
_UNASKED = {"HEAD", "OPTIONS"}


class Door(StrEnum):
    """Who gets through."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    MACHINE = "machine"
    HOLDER = "holder"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    """Say who gets through and which permission the verb behind will ask for; `reason` explains an open door.

    A token with scopes opens only what asks for a permission among them, unless the route is `for_any_token`.
    """

    door: Door
    permission: Permission | None = None
    reason: str = ""
    for_any_token: bool = False


class PolicyMissing(Exception):
    """Name the routes or events that declare nothing; the app refuses to start."""


def public(reason: str) -> Callable[[Declared], Declared]:
    """Let anybody through, for a stated reason."""
    return _declare(RoutePolicy(Door.PUBLIC, reason=reason))


def signed_in(reason: str) -> Callable[[Declared], Declared]:
    """Let every person through who is signed in; the reason says why no permission is needed."""
    return _declare(RoutePolicy(Door.SIGNED_IN, reason=reason))


def signed_in_by_any_token(reason: str) -> Callable[[Declared], Declared]:
    """Let every person through, by a token with whatever scopes too: for what tells such a token about itself."""
    return _declare(RoutePolicy(Door.SIGNED_IN, reason=reason, for_any_token=True))


def machine(permission: Permission) -> Callable[[Declared], Declared]:
    """Let devices and gateways through."""
    return _declare(RoutePolicy(Door.MACHINE, permission))


def needs(permission: Permission) -> Callable[[Declared], Declared]:
    """Let a person through who holds the permission anywhere: for pages that are about no single thing."""
    return _declare(RoutePolicy(Door.HOLDER, permission))


def checked_by(permission: Permission) -> Callable[[Declared], Declared]:
    """Let signed-in people through to a verb that requires the permission for the very thing that is asked for."""
    return _declare(RoutePolicy(Door.SIGNED_IN, permission))


def by_link(permission: Permission) -> Callable[[Declared], Declared]:
    """Let through who holds the share link that the address names, and nobody by any other standing of theirs."""
    return _declare(RoutePolicy(Door.LINK, permission))


def policy_of(view: object) -> RoutePolicy | None:
    """Return what a view function or a socket handler declares."""
    return getattr(view, _MARK, None)


def policy_for(app: Flask, endpoint: str, method: str) -> RoutePolicy | None:
    """Return what a route declares for a method; class-based views declare on each method."""
    view = app.view_functions[endpoint]
    if endpoint == "static" or endpoint.endswith(".static"):
        return RoutePolicy(Door.PUBLIC, reason="built assets hold nothing of anybody")
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        return policy_of(view)
    name = "get" if method == "HEAD" else method.lower()
    return policy_of(getattr(view_class, name, None)) or policy_of(view)


def declared_routes(app: Flask) -> Iterator[tuple[str, str, RoutePolicy | None]]:
    """Walk every (rule, method) of the app with what it declares."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - _UNASKED):
            yield rule.rule, method, policy_for(app, rule.endpoint, method)


def refuse_undeclared(app: Flask) -> None:
    """Stop the start of an app that has a route without a policy.

    Raises: PolicyMissing, naming each of them.
    """
    missing = [f"{method} {rule}" for rule, method, policy in declared_routes(app) if policy is None]
    if missing:
        raise PolicyMissing("These routes declare no policy: " + ", ".join(sorted(missing)))


def _declare(policy: RoutePolicy) -> Callable[[Declared], Declared]:
    def mark(view: Declared) -> Declared:
        setattr(view, _MARK, policy)
        return view

    return mark
