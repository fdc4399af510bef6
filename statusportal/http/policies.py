"""The declared policy of every route and socket event. The app does not start while one is missing.

A declaration says who gets through the door, who can tell that the thing behind it is there, and which permission is
asked of them. The verb and the query ask again, never the door alone; the matrix of tests/matrix compares what is
declared here, and nothing else, with what every kind of visitor is answered.
"""

import re
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


class Reach(StrEnum):
    """Who, staff aside, can tell that the thing of a route is there. To everybody else it is missing."""

    NO_THING = "no single thing is asked for"
    ANYBODY = "the right is asked before the thing is looked for"
    HOLDER = "whoever holds the right"
    NAMED = "the right is asked in the organisation that is named, whether it is there or not"
    DEVICE = "whoever has or had time of the device, and whose grant opens it now"
    ROW = "the organisation under which it arose, and whose grant covers its time"
    LOOKERS = "whoever may look at a machine of the model now, and staff"
    OWNER = "the organisation it belongs to"
    KEEPERS = "who holds the right in the organisation it belongs to; staff too by the right alone"
    DECIDERS = "who holds the right in the organisation it belongs to, and all staff"
    SIDES = "who holds the right in the organisation that hands over or is handed to, and all staff"
    MODEL = "whoever owns a machine of the model now, and all staff"
    KNOWN = "the organisation itself, and whoever it lets at something"
    OPERATOR = "the operator alone"
    SELF = "the person it belongs to"
    ADDRESS = "whoever was given the address, which holds a secret"


# What a route is about stands in the name of its last variable; a route that differs declares its own reach.
REACHES = {
    "device_id": Reach.DEVICE,
    "entry_id": Reach.ROW,
    "comment_id": Reach.ROW,
    "attachment_id": Reach.ROW,
    "publication_id": Reach.MODEL,
    "reply_id": Reach.MODEL,
    "model_slug": Reach.MODEL,
    "work_id": Reach.ROW,
    "organisation_id": Reach.KNOWN,
    "person_id": Reach.OWNER,
    "invitation_id": Reach.OWNER,
    "credential_id": Reach.OWNER,
    "grant_id": Reach.OWNER,
    "group_id": Reach.DECIDERS,
    "transfer_id": Reach.SIDES,
    "link_id": Reach.KEEPERS,
    "takeout_id": Reach.SELF,
    "claim_id": Reach.OPERATOR,
    "connection_id": Reach.HOLDER,
    "forwarding_id": Reach.KEEPERS,
    "wish_id": Reach.HOLDER,
    "article_id": Reach.LOOKERS,
    "model_id": Reach.ANYBODY,
    "session_id": Reach.SELF,
    "passkey_id": Reach.SELF,
    "label": Reach.ADDRESS,
    "token_id": Reach.SELF,
    "secret": Reach.ADDRESS,
    "token": Reach.ADDRESS,
    "filename": Reach.ANYBODY,
    "slug": Reach.ANYBODY,
}


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    """Say who gets through, who sees the thing, and which permission the verb behind will ask for.

    `depending` are further permissions of which one is asked instead, by what the request wants. `is_authors` limits
    the act to who wrote the thing, `is_present_owners` to the people of who has the device now, and staff;
    `is_delegated` lets who was granted MANAGE do it too, and a former owner in their own time. `is_newcomers` limits
    an open door to who is nobody here yet, `is_personal` keeps out who sees as the person. `reason` explains an open
    door. A token with scopes opens only what asks for one of them, unless the route is `for_any_token`.
    `lets_owing_in` opens it also to those who owe their organisation a second proof and have none yet. `is_leaving`
    marks the one kind of act that is done while seeing as somebody else.
    """

    door: Door
    permission: Permission | None = None
    reason: str = ""
    for_any_token: bool = False
    reach: Reach | None = None
    depending: frozenset[Permission] = frozenset()
    is_authors: bool = False
    is_newcomers: bool = False
    lets_owing_in: bool = False
    is_personal: bool = False
    is_delegated: bool = False
    is_present_owners: bool = False
    is_leaving: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        """Return every permission that may be asked; a token with scopes must hold one of them."""
        return self.depending | ({self.permission} if self.permission else set())


class PolicyMissing(Exception):
    """Name the routes or events that declare nothing; the app refuses to start."""


def public(reason: str) -> Callable[[Declared], Declared]:
    """Let anybody through, for a stated reason."""
    return _declare(RoutePolicy(Door.PUBLIC, reason=reason))


def signed_in(reason: str, *depending: Permission) -> Callable[[Declared], Declared]:
    """Let every person through who is signed in; the reason says why no permission is needed.

    `depending` are asked where the request wants more than one's own; a token made for one of them gets in.
    """
    return _declare(RoutePolicy(Door.SIGNED_IN, reason=reason, depending=frozenset(depending)))


def personal(reason: str, *depending: Permission) -> Callable[[Declared], Declared]:
    """Let every person through as `signed_in` does, to what is theirs alone: who sees as them does not get in."""
    return _declare(RoutePolicy(Door.SIGNED_IN, reason=reason, depending=frozenset(depending), is_personal=True))


def signed_in_by_any_token(reason: str) -> Callable[[Declared], Declared]:
    """Let every person through, by a token with whatever scopes too, and before a second proof that is owed.

    It is for what tells such a token, or such a person, about itself.
    """
    return _declare(RoutePolicy(Door.SIGNED_IN, reason=reason, for_any_token=True, lets_owing_in=True))


def before_second_proof(reason: str) -> Callable[[Declared], Declared]:
    """Let every person through to what is theirs alone, also before a second proof that their organisation asks for."""
    return _declare(RoutePolicy(Door.SIGNED_IN, reason=reason, lets_owing_in=True, is_personal=True))


def leaving(reason: str) -> Callable[[Declared], Declared]:
    """Let every person out: of a visit to somebody else's pages, of a session; nothing that is owed holds them."""
    return _declare(RoutePolicy(Door.SIGNED_IN, reason=reason, lets_owing_in=True, is_leaving=True))


def machine(permission: Permission) -> Callable[[Declared], Declared]:
    """Let devices and gateways through."""
    return _declare(RoutePolicy(Door.MACHINE, permission))


def newcomers(reason: str) -> Callable[[Declared], Declared]:
    """Let in whoever is nobody here yet, for a stated reason; to others what lies behind is not theirs."""
    return _declare(RoutePolicy(Door.PUBLIC, reason=reason, is_newcomers=True))


def needs(permission: Permission, *instead: Permission) -> Callable[[Declared], Declared]:
    """Let a person through who holds the permission anywhere, or one instead: for pages about no single thing."""
    return _declare(RoutePolicy(Door.HOLDER, permission, depending=frozenset(instead)))


def checked_by(
    permission: Permission, *depending: Permission, reach: Reach | None = None
) -> Callable[[Declared], Declared]:
    """Let signed-in people through to a verb that requires the permission for the very thing that is asked for.

    `depending` are permissions that the verb asks instead where the request wants more than the least.
    """
    return _declare(RoutePolicy(Door.SIGNED_IN, permission, reach=reach, depending=frozenset(depending)))


def delegated(permission: Permission) -> Callable[[Declared], Declared]:
    """Let through as `checked_by` does, and with them who was granted MANAGE, and a former owner in their own time."""
    return _declare(RoutePolicy(Door.SIGNED_IN, permission, is_delegated=True))


def present_owners(permission: Permission) -> Callable[[Declared], Declared]:
    """Let signed-in people through to what is for the people of a device's present owner, and for staff, alone."""
    return _declare(RoutePolicy(Door.SIGNED_IN, permission, is_present_owners=True))


def authors(permission: Permission) -> Callable[[Declared], Declared]:
    """Let signed-in people through to a verb that is for who wrote the thing alone."""
    return _declare(RoutePolicy(Door.SIGNED_IN, permission, is_authors=True))


def reach_of(rule: str, policy: RoutePolicy) -> Reach | None:
    """Return who sees the thing of a route: as declared, else by its last variable; None for a name not known."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", rule)
    if policy.reach is not None or not names:
        return policy.reach or Reach.NO_THING
    known = [REACHES[name] for name in names if name in REACHES]
    return known[-1] if known else None


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
