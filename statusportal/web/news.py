"""News: the page of what happened, how closely one follows things, and the end of letters."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.actor import SYSTEM
from statusportal.catalogue.models import DeviceModel
from statusportal.entries.queries import entries_by_id
from statusportal.fleet.queries import devices_by_id, words_seen
from statusportal.following.models import Follow
from statusportal.following.queries import my_follows
from statusportal.following.service import follow, unfollow
from statusportal.following.vocabulary import FollowedKind, FollowLevel, FollowReason
from statusportal.foundation.errors import Invalid, NotFound
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.policies import personal, public
from statusportal.http.views.news import FollowedRow, NewsPage, NewsRow, StopPage
from statusportal.http.views.shell import Health
from statusportal.news.queries import find_by_stop_secret, news_page, unread_ids
from statusportal.news.service import mark_all_read, stop_letters
from statusportal.news.vocabulary import ByMail, NewsItem, NewsKind
from statusportal.news.wording import REASONS, heading_of, reason_of, title_of
from statusportal.web.paging import page_links, wanted_slice
from statusportal.web.shell import safe_next
from statusportal.web.talk.places import comment_href
from statusportal.web.talk.words import entry_title
from statusportal.work import Work

news_pages = Blueprint("news", __name__)

_MINE = "news and follows are one person's"
_STOP = "the secret stood in a letter, and ends letters about one entry"
_MOST_UNREAD = 100
_LONGEST = 200
_ICONS = {NewsKind.REPLY: "reply", NewsKind.ANSWER: "check", NewsKind.UPDATE: "bell", NewsKind.MENTION: "reply"}


@news_pages.get("/notifications")
@personal(_MINE)
def notifications() -> str:
    """Show what is new, failures first, then what was read, and what I follow."""
    with portal.reading() as work:
        page = news_page(work, wanted_slice())
        unread = len(unread_ids(work, _MOST_UNREAD))
        followed = _followed(work)
    fresh = sorted((one for one in page.items if not one.is_read), key=lambda one: one.kind is not NewsKind.FAILURE)
    shown = NewsPage(
        unread=unread,
        fresh=tuple(_row(one) for one in fresh),
        read=tuple(_row(one) for one in page.items if one.is_read),
        followed=followed,
        pages=page_links(page, "news.notifications"),
        sends_mail=bool(portal.settings().smtp_url),
    )
    return render_template("notifications.html", page=shown)


@news_pages.post("/notifications/read")
@personal(_MINE)
def read_all() -> Response:
    """Note that I have read all of my news."""
    with portal.writing() as work:
        mark_all_read(work)
    return make_response(redirect(url_for("news.notifications"), 303))


@news_pages.post("/follows")
@personal(_MINE)
def choose_level() -> Response:
    """Say how closely I follow something, or let go of it."""
    form = request.form
    if form.get("kind") not in set(FollowedKind):
        raise Invalid.field("/kind", _("Choose one of these."))
    kind, thing_id, level = FollowedKind(form["kind"]), parse_id(form.get("id", "")), form.get("level", "")
    if level and level not in set(FollowLevel):
        raise Invalid.field("/level", _("Choose one of these."))
    with portal.writing() as work:
        if level:
            follow(work, kind, thing_id, FollowLevel(level))
        else:
            unfollow(work, kind, thing_id)
    return make_response(redirect(safe_next(form.get("next")), 303))


@news_pages.get("/stop/<secret>")
@public(_STOP)
def stop(secret: str) -> Response:
    """Ask whether letters shall end: a program that opens every address must not end them."""
    with portal.works().reading(SYSTEM) as work:
        return _stop_page(work, secret, is_stopped=False)


@news_pages.post("/stop/<secret>")
@public(_STOP)
def stop_now(secret: str) -> Response:
    """End the letters that a letter was one of."""
    with portal.works().writing(SYSTEM) as work:
        stop_letters(work, secret)
        return _stop_page(work, secret, is_stopped=True)


def _stop_page(work: Work, secret: str, *, is_stopped: bool) -> Response:
    news = find_by_stop_secret(work, secret)
    if news is None:
        raise NotFound
    shown = StopPage(secret, is_stopped, is_daily=news.mail == ByMail.DIGEST)
    response = make_response(render_template("stop.html", page=shown))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _row(item: NewsItem) -> NewsRow:
    locale = reader_locale()
    words = item.words if len(item.words) <= _LONGEST else f"{item.words[:_LONGEST]} …"
    here = url_for("entries.entry", entry_id=item.entry_id)
    is_state = item.kind in {NewsKind.FAILURE, NewsKind.ENTRY}
    return NewsRow(
        heading=heading_of(item, locale),
        title=title_of(item, locale),
        words=words,
        href=comment_href(item.entry_id, item.comment_id) if item.comment_id else here,
        because=reason_of(item, locale),
        at=item.at,
        icon=_ICONS.get(item.kind, "talk"),
        health=cast("Health | None", item.health) if is_state else None,
        code=item.code or "",
        is_read=item.is_read,
    )


def _followed(work: Work) -> tuple[FollowedRow, ...]:
    """Name what is followed, as far as it is seen; a follow of what is seen no more says nothing and is left out."""
    rows = my_follows(work)
    names = _names(work, rows)
    because = REASONS.get(reader_locale(), REASONS["en"])
    return tuple(
        FollowedRow(row.kind, str(row.thing_id), *names[row.thing_id], because[FollowReason(row.reason)], row.level)
        for row in rows
        if row.thing_id in names
    )


def _names(work: Work, rows: Sequence[Follow]) -> dict[UUID, tuple[str, str]]:
    wanted = {kind: [row.thing_id for row in rows if row.kind == kind] for kind in FollowedKind}
    entries = entries_by_id(work, wanted[FollowedKind.ENTRY])
    devices = devices_by_id(work, wanted[FollowedKind.DEVICE])
    words = words_seen(work, devices.values())
    found: dict[UUID, tuple[str, str]] = {
        key: (entry_title(entry), url_for("entries.entry", entry_id=key)) for key, entry in entries.items()
    }
    found |= {key: (seen.name, url_for("devices.device", device_id=key)) for key, seen in words.items()}
    for model_id in wanted[FollowedKind.MODEL]:
        model = work.session.get(DeviceModel, model_id)
        if model is not None:
            found[model_id] = (model.name, url_for("search.search", model=model.slug))
    return found
