"""What staff ask an owner, as the entry's page says it to each side."""

from flask import url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.consent.vocabulary import WISHED_AUDIENCES
from statusportal.entries.models import StatusEntry
from statusportal.entries.vocabulary import Audience
from statusportal.http.views.entries import ConsentView
from statusportal.http.views.shell import Option
from statusportal.web.shell import operator_name
from statusportal.work import Work


def consent_view(work: Work, entry: StatusEntry, organisation: str) -> ConsentView | None:
    """Return the question with what this reader may do about it, or what they may ask; None where neither."""
    holds, owner_id = actor_holds, entry.organisation_id
    works_on_it = holds(work.actor, Permission.ENTRY_PUBLISH, owner_id)
    decides = holds(work.actor, Permission.ENTRY_CONSENT, owner_id)
    if entry.wished_audience is None:
        wanted = _wanted(entry, organisation) if works_on_it else ()
        choices = _choices(entry) if decides else ()
        return ConsentView(str(entry.id), wanted=wanted, choices=choices) if wanted or choices else None
    if not (works_on_it or work.actor.reads_inside(owner_id)):
        return None
    is_for_model = entry.wished_audience == Audience.MODEL
    return ConsentView(
        str(entry.id),
        words=_words(Audience(entry.wished_audience), organisation, is_owner=decides),
        at=entry.wished_at,
        may_answer=decides,
        may_end=works_on_it,
        look_href=url_for("community.share", entry_id=entry.id) if is_for_model and decides else "",
    )


def _wanted(entry: StatusEntry, organisation: str) -> tuple[Option, ...]:
    """Return what may be asked for: wider than it is, and of what the owner can read."""
    if entry.audience == Audience.INTERNAL:
        return ()
    width = Audience(entry.audience).width
    return tuple(
        Option(one.value, _question(one, organisation))
        for one in sorted(WISHED_AUDIENCES, key=lambda one: one.width)
        if one.width > width
    )


def _choices(entry: StatusEntry) -> tuple[Option, ...]:
    """Return the other of the two circles that are the owner's to choose between."""
    other: dict[Audience, Option] = {
        Audience.ORGANISATION: Option(Audience.SHARED.value, _("Show it to those you let in")),
        Audience.SHARED: Option(Audience.ORGANISATION.value, _("Keep it to your own people")),
    }
    found = other.get(Audience(entry.audience))
    return (found,) if found else ()


def _question(wanted: Audience, organisation: str) -> str:
    words: dict[Audience, str] = {
        Audience.SHARED: _("Ask to show it to those whom %(name)s lets in", name=organisation),
        Audience.MODEL: _("Ask to share it with other owners, anonymised"),
    }
    return words[wanted]


def _words(wanted: Audience, organisation: str, *, is_owner: bool) -> str:
    operator, name = operator_name(), organisation
    asked: dict[Audience, str] = {
        Audience.SHARED: _("%(operator)s asks whether those whom you let in may read this too.", operator=operator),
        Audience.MODEL: _("%(operator)s asks whether other owners may learn from this, anonymised.", operator=operator),
    }
    waits: dict[Audience, str] = {
        Audience.SHARED: _("%(name)s was asked whether those whom they let in may read this too.", name=name),
        Audience.MODEL: _("%(name)s was asked whether other owners may learn from this, anonymised.", name=name),
    }
    return (asked if is_owner else waits)[wanted]
