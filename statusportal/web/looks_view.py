"""Who looked, in the reader's words: shared by a device's pages and an organisation's."""

from itertools import groupby
from typing import Any, cast

from flask import url_for
from flask_babel import gettext as _

from statusportal.access.vocabulary import ActorKind
from statusportal.administration.audit import ActNamed
from statusportal.audit.models import AuditRecord
from statusportal.audit.proving import last_check
from statusportal.audit.vocabulary import LOOKS, Part
from statusportal.foundation.paging import Page
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import long_date
from statusportal.http.views.audit import ChainState, Look, LooksOfDay
from statusportal.http.views.shell import FilterLink, Role
from statusportal.http.words import role_word
from statusportal.web.audit_words import act_words, actor_words, reason_words
from statusportal.web.paging import asked
from statusportal.work import Work

_ICONS = {"device": "devices", "grant": "people", "link": "link", "member": "people", "seen_as": "eye"}


def part_asked() -> Part:
    """Return which part of the list the address asks for; an unknown one is everything."""
    wanted = asked("part")
    return Part(wanted) if wanted in set(Part) else Part.ALL


def part_links(endpoint: str, part: Part, **kept: Any) -> tuple[FilterLink, ...]:  # noqa: ANN401 - the parts of an address
    """Return the chips: all of it, looks alone, changes alone."""
    words = {Part.ALL: _("All"), Part.LOOKED: _("Looked"), Part.CHANGED: _("Changed")}
    return tuple(
        FilterLink(label, url_for(endpoint, part=one.value or None, **kept), is_current=one is part)
        for one, label in words.items()
    )


def looks_by_day(page: Page[ActNamed]) -> tuple[LooksOfDay, ...]:
    """Put a page of acts under their days."""
    days = groupby(page.items, key=lambda one: long_date(one.record.at, zone=reader_zone(), locale=reader_locale()))
    return tuple(LooksOfDay(heading, tuple(look(one) for one in acts)) for heading, acts in days)


def look(one: ActNamed) -> Look:
    """Say one act to its owner. Who may not be named is somebody of another organisation, or was erased."""
    record = one.record
    words = str(act_words().get(record.act, record.act.replace(".", " ").replace("_", " ")))
    return Look(
        at=record.at,
        act=words[:1].upper() + words[1:],
        icon="eye" if record.act.startswith(LOOKS) else _ICONS.get(record.act.partition(".")[0], "edit"),
        actor=one.actor or str(actor_words().get(record.actor_kind, "")) or _unnamed(record),
        role=cast("Role | None", one.actor_role),
        subject=one.subject,
        why=tuple(_why(name, str(value)) for name, value in one.codes.items()),
    )


def chain_state(work: Work) -> ChainState:
    """Tell when the log was last walked from its beginning, and whether it was whole."""
    checked = last_check(work)
    return ChainState(checked.at, checked.position, checked.breaches) if checked else ChainState()


def _unnamed(record: AuditRecord) -> str:
    if record.actor_kind != ActorKind.PERSON.value:
        return record.actor_kind
    words = _("somebody who was erased") if record.codes.get("actor_role") else _("somebody outside, or erased")
    return str(words)


def _why(name: str, value: str) -> str:
    if name == "role":
        return role_word(value, locale=reader_locale())
    if name == "scope":
        scopes: dict[str, str] = {"read": _("for reading"), "comment": _("for reading and commenting")}
        return scopes.get(value, value)
    if name == "reason":
        return str(reason_words().get(value, value))
    return value
