"""Saying me too from an entry's page: a form with the machines of one's own."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entry_for
from statusportal.fleet.queries import words_seen
from statusportal.foundation.errors import Invalid
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, signed_in
from statusportal.http.views.answers import MeTooMachine, MeTooPage, MeTooView
from statusportal.http.views.shell import Form, Option
from statusportal.me_too.grouping import Group
from statusportal.me_too.queries import NONE_AFFECTED, Affected, affected_by, machines_to_say_it_for
from statusportal.me_too.service import say_me_too, unsay_me_too
from statusportal.me_too.vocabulary import SiteType
from statusportal.web.forms import failed, one_of
from statusportal.web.talk.blueprint import entries
from statusportal.web.talk.words import entry_title
from statusportal.work import Work

_OWN = "whoever sees an entry says it for a machine of their own, and the verb asks whose that is"


@entries.get("/entries/<entry_id>/me-too")
@checked_by(Permission.ENTRY_VIEW)
def me_too(entry_id: str) -> str:
    """Show for which machines it can be said, and for which it was."""
    with portal.reading() as work:
        return render_template("me_too.html", page=_page(work, entry_for(work, parse_id(entry_id)), Form()))


@entries.post("/entries/<entry_id>/me-too")
@signed_in(_OWN, Permission.COMMENT_POST)
def say_me_too_now(entry_id: str) -> Response:
    """Say it, or take it back, for one machine."""
    key, device = parse_id(entry_id), request.form.get("device", "")
    try:
        with portal.writing() as work:
            if request.form.get("do") == "take_back":
                unsay_me_too(work, key, parse_id(device))
            else:
                say_me_too(work, key, parse_id(device), one_of("site_type", SiteType))
    except Invalid as err:
        with portal.reading() as work:
            page = _page(work, entry_for(work, key), failed(err))
            return make_response(render_template("me_too.html", page=page), 422)
    return make_response(redirect(url_for("entries.me_too", entry_id=entry_id), 303))


def me_too_view(work: Work, entry: StatusEntry, *, is_said: bool) -> MeTooView:
    """Return what an entry's page shows: the count, what many have in common, and a way in for who has machines."""
    affected = affected_by(work, [entry.id] if is_said else []).get(entry.id, NONE_AFFECTED)
    href = url_for("entries.me_too", entry_id=entry.id) if work.actor.organisations else ""
    return MeTooView(affected.count, len(affected.mine), _common(affected), href)


def _page(work: Work, entry: StatusEntry, form: Form) -> MeTooPage:
    devices = machines_to_say_it_for(work, entry)
    names = words_seen(work, devices)
    affected = affected_by(work, [entry.id]).get(entry.id, NONE_AFFECTED)
    return MeTooPage(
        entry_id=str(entry.id),
        entry_title=entry_title(entry),
        affected=MeTooView(affected.count, len(affected.mine), _common(affected)),
        machines=tuple(
            MeTooMachine(str(one.id), names[one.id].name, one.serial, is_said=one.id in affected.mine)
            for one in devices
        ),
        site_types=tuple(Option(kind.value, words) for kind, words in _site_words().items()),
        form=form,
    )


def _common(affected: Affected) -> tuple[str, ...]:
    words = {kind.value: said for kind, said in _site_words().items()}
    firmware = [
        _("%(count)s on firmware %(firmware)s", count=one.count, firmware=one.kind) for one in affected.by_firmware
    ]
    return (*firmware, *(_site(one, words) for one in affected.by_site_type))


def _site(group: Group, words: dict[str, str]) -> str:
    return str(_("%(count)s: %(site)s", count=group.count, site=words.get(group.kind, group.kind)))


def _site_words() -> dict[SiteType, str]:
    return {
        SiteType.PRODUCTION: _("production"),
        SiteType.LABORATORY: _("laboratory"),
        SiteType.WORKSHOP: _("workshop"),
        SiteType.OFFICE: _("office"),
        SiteType.OUTDOORS: _("outdoors"),
    }
