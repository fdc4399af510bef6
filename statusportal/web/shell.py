"""What stands around every page: who is signed in, in which language, in which light."""

from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from flask import Flask, Response, g, request
from flask_babel import Babel
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.policy import table
from statusportal.access.vocabulary import ActorKind
from statusportal.accounts.models import Organisation, Person
from statusportal.accounts.queries import find_operator
from statusportal.accounts.vocabulary import Theme
from statusportal.http import portal
from statusportal.http.filters import reader_locale, register_filters
from statusportal.http.identity import session_read
from statusportal.http.seeing import visit_now
from statusportal.http.views.seeing import SeenAsFrame
from statusportal.http.views.shell import Me, OrganisationChoice, Portal, Role
from statusportal.identity.models import SignIn
from statusportal.web.bundle import asset_url, sprite
from statusportal.work import Work

LANGUAGES = ("en", "da")
_YEAR_S = 31_536_000


def person() -> Person | None:
    """Return the signed-in person's row, read once a request."""
    if "person" not in g:
        person_id, session = portal.actor().person_id, session_read()
        if session is not None and session.person.id == person_id:
            g.person = session.person
            return session.person
        with portal.reading() as work:
            g.person = work.session.get(Person, person_id) if person_id else None
    return cast("Person | None", g.person)


def chosen_locale() -> str:
    """Return the reader's language: the person's, the cookie's, or the best that the browser asks for."""
    known = person()
    wanted = known.locale if known else request.cookies.get("locale")
    if wanted in LANGUAGES:
        return wanted
    return request.accept_languages.best_match(LANGUAGES) or portal.settings().default_locale


def chosen_time_zone() -> str:
    """Return the reader's time zone by name; an organisation's stands in where the person chose none."""
    known = person()
    name = (known.time_zone if known else None) or portal.settings().default_time_zone
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"
    return name


def chosen_theme() -> str:
    """Return light, dark or system."""
    known = person()
    wanted = known.theme if known else request.cookies.get("theme", "")
    return wanted if wanted in set(Theme) else Theme.SYSTEM.value


def time_zones() -> tuple[str, ...]:
    """Return the zones a person may choose."""
    return tuple(sorted(available_timezones()))


def safe_next(wanted: str | None) -> str:
    """Return a path on this very site, or the front page: an address from outside is never followed."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or any(ord(letter) < ord(" ") for letter in wanted) or "\\" in wanted:
        return "/"
    return wanted


def keep_choice(response: Response, name: str, value: str) -> None:
    """Keep a choice of look or language in this browser."""
    secure = portal.settings().secure_cookies
    response.set_cookie(name, value, max_age=_YEAR_S, secure=secure, httponly=True, samesite="Lax")


def operator_name() -> str:
    """Return who runs the portal: the operator organisation's name, or the setting before there is one."""
    if "operator_name" not in g:
        operator = _operator()
        g.operator_name = operator.name if operator else portal.settings().operator_name
    return str(g.operator_name)


def _operator() -> Organisation | None:
    session = session_read()
    if session is not None:
        return session.operator
    with portal.works().reading(SYSTEM) as work:
        return find_operator(work)


def initials(name: str) -> str:
    """Return the letters that stand for a person: of the first and the last word."""
    words = name.split()
    return "".join(word[0].upper() for word in (words[:1] + words[-1:] if len(words) > 1 else words))


def me() -> Me | None:
    """Return the signed-in person as templates see it."""
    if "me" not in g:
        g.me = _me()
    return cast("Me | None", g.me)


def _me() -> Me | None:
    known = person()
    actor = portal.actor()
    if known is None or actor.kind is not ActorKind.PERSON:
        return None
    with portal.reading() as work:
        rows = work.session.execute(
            select(Organisation.id, Organisation.name)
            .where(Organisation.id.in_(actor.organisations))
            .order_by(Organisation.name)
        ).all()
        last_id = _last_organisation(work)
    choices = tuple(OrganisationChoice(str(row.id), row.name) for row in rows)
    wanted = str(last_id or "")
    fallback = choices[0] if len(choices) == 1 else None
    current = next((one for one in choices if one.id == wanted), fallback)
    roles = set(actor.memberships.values()) | ({actor.staff_role} if actor.staff_role else set())
    rights = frozenset(permission.value for permission, holders in table().items() if holders & roles)
    role = actor.staff_role or next(iter(sorted(actor.memberships.values(), reverse=True)), None)
    return Me(
        id=str(known.id),
        name=known.name,
        initials=initials(known.name),
        role=cast("Role", role.value if role else "customer"),
        organisations=choices,
        current_organisation=current,
        staff_role=actor.staff_role.value if actor.staff_role else None,
        rights=rights,
    )


def _last_organisation(work: Work) -> UUID | None:
    """Return the organisation in which the session was last."""
    session, session_id = session_read(), work.actor.session_id
    if session is not None and session.actor.session_id == session_id:
        return session.organisation_id
    sign_in = work.session.get(SignIn, session_id) if session_id else None
    return sign_in.organisation_id if sign_in else None


def _seen_as() -> SeenAsFrame | None:
    visit = visit_now()
    if visit is None:
        return None
    return SeenAsFrame(visit.person_name, visit.organisation_name, visit.reason, visit.ends_at)


def _globals() -> dict[str, Any]:
    return {
        "me": me(),
        "seen_as": _seen_as(),
        "portal": Portal(operator=operator_name()),
        "theme": chosen_theme(),
        "time_zone": chosen_time_zone(),
        "locale": reader_locale(),
    }


def _now() -> datetime:
    return portal.works().clock.now()


def init_app(app: Flask) -> None:
    """Give templates their language, filters and surroundings."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "web/translations"
    Babel(app, locale_selector=chosen_locale, timezone_selector=chosen_time_zone)
    register_filters(app, _now)
    app.jinja_env.globals.update(asset_url=asset_url, sprite=sprite)
    app.context_processor(_globals)
