"""Share links at the edge: the address is exchanged for a cookie of that link alone, which opens its page and no other.

The two guesses that somebody can make, an address and a cookie, count against the same limit of their sender's.
"""

from uuid import UUID

from flask import Response, g, request

from statusportal.access.actor import ANONYMOUS, SYSTEM, Actor
from statusportal.foundation.errors import NotFound
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.guessing import LinkGuesses, client_address
from statusportal.sharing.actors import actor_of_link_token, actor_of_opening
from statusportal.sharing.service import open_link
from statusportal.sharing.vocabulary import Screen

_LONGEST_SECRET = 200


def follow_link(token: str) -> tuple[UUID, str]:
    """Exchange an address for the id of its link and the secret of a cookie; what opens nothing is missing.

    Raises: NotFound, TooMany.
    """
    works = portal.works()
    guesses = works.kept(LinkGuesses)
    guesses.refuse_more(client_address())
    with works.reading(SYSTEM) as work:
        holder = actor_of_link_token(work, token) if len(token) <= _LONGEST_SECRET else None
    if holder is None or holder.link is None:
        guesses.count(client_address())
        raise NotFound
    with works.writing(holder) as work:
        opening, secret = open_link(work, _screen())
    return opening.link_id, secret


def identify_by_link() -> None:
    """Set the request's actor to the holder of the link that the address names, or to nobody.

    Whoever is signed in besides is left outside: a link shows the same to everybody.
    Raises: NotFound, TooMany.
    """
    g.actor, g.by_cookie = ANONYMOUS, False
    link_id = parse_id(str((request.view_args or {}).get("link_id", "")))
    secret = request.cookies.get(_cookie_name(link_id), "")
    if not 0 < len(secret) <= _LONGEST_SECRET:
        return
    works = portal.works()
    guesses = works.kept(LinkGuesses)
    guesses.refuse_more(client_address())
    with works.reading(SYSTEM) as work:
        holder: Actor | None = actor_of_opening(work, link_id, secret)
    if holder is None:
        guesses.count(client_address())
        return
    g.actor, g.by_cookie = holder, True


def set_link_cookie(response: Response, link_id: UUID, secret: str) -> None:
    """Hand an opening's secret to the browser until it is closed; scripts cannot read it.

    A link has a cookie of its own, so that two of them in one browser do not end each other.
    """
    secure = portal.settings().secure_cookies
    response.set_cookie(_cookie_name(link_id), secret, secure=secure, httponly=True, samesite="Lax")


def _cookie_name(link_id: UUID) -> str:
    prefix = "__Host-" if portal.settings().secure_cookies else ""
    return f"{prefix}portal_link_{link_id.hex}"


def _screen() -> Screen:
    return Screen.PHONE if "Mobile" in request.user_agent.string else Screen.COMPUTER
