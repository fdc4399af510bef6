"""Words that entry pages share: titles in the reader's language, authors, and who may read."""

from typing import cast

from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.accounts.models import Organisation, Person
from statusportal.discussion.models import Comment
from statusportal.entries.models import StatusEntry
from statusportal.entries.vocabulary import CHOSEN_AUDIENCES, Audience
from statusportal.http.views.entries import AudienceChoice, AudienceView, Author
from statusportal.http.views.shell import STAFF_ROLES, Role
from statusportal.overview.access import Beyond
from statusportal.web.reasons import reason_words
from statusportal.web.shell import initials, operator_name


def entry_title(entry: StatusEntry) -> str:
    """Return the title; what the portal itself wrote reads in the reader's language."""
    if entry.headline is None:
        return entry.title
    return reason_words(entry.headline)


def author_view(person: Person | None, role: str | None, organisation: str) -> Author:
    """Return who wrote, with the badge worn there. Shape: `organisation` is that of the entry, for its own people."""
    if person is None:
        return Author(name=_("The machine"), initials="", role="system")
    is_staff = role in STAFF_ROLES
    note = operator_name() if is_staff else organisation
    return Author(name=person.name, initials=initials(person.name), role=cast("Role", role or "customer"), note=note)


def speaker_view(comment: Comment, organisation: str) -> Author:
    """Return who wrote a comment; a guest is marked by who let them in, since nobody checked the name."""
    if comment.guest_name is None:
        return author_view(comment.author, comment.author_role, organisation)
    sharer = comment.sharer.name if comment.sharer else operator_name()
    note = _("by link from %(name)s", name=sharer)
    return Author(name=comment.guest_name, initials=initials(comment.guest_name), role="guest", note=note)


def person_view(name: str, role: str | None) -> Author:
    """Return somebody who took part, by name and badge alone."""
    return Author(name=name, initials=initials(name), role=cast("Role", role or "customer"))


def audience_words(audience: str, organisation: str, beyond: Beyond) -> str:
    """Say who may read, by name; what is for an organisation alone, the one above it and its links' holders read."""
    operator = operator_name()
    inside: str = _("%(organisation)s and %(operator)s", organisation=organisation, operator=operator)
    for more in beyond_words(beyond):
        inside = _("%(people)s, and %(more)s", people=inside, more=more)
    words: dict[Audience, str] = {
        Audience.INTERNAL: _("%(operator)s only", operator=operator),
        Audience.ORGANISATION: inside,
        Audience.SHARED: _("%(organisation)s, and those it shares with", organisation=organisation),
        Audience.MODEL: _("owners of this model"),
        Audience.PUBLIC: _("everybody"),
    }
    return words[Audience(audience)]


def beyond_words(beyond: Beyond) -> list[str]:
    """Name who reads beside an owner's people and the operator's."""
    above = [_("%(name)s above", name=beyond.above)] if beyond.above else []
    count = beyond.open_links
    links = [ngettext("whoever has %(num)d link", "whoever has one of %(num)d links", count)] if count else []
    return above + links


def audience_view(audience: str, organisation: Organisation | None, beyond: Beyond) -> AudienceView:
    """Return the audience as a chip shows it."""
    words = audience_words(audience, organisation.name if organisation else "", beyond)
    return AudienceView(Audience(audience).value, words)


def audience_choices(
    widest: str, organisation: str, beyond: Beyond, *, internal_too: bool
) -> tuple[AudienceChoice, ...]:
    """Return what a writer may choose, the usual one first: never wider than what it is written under."""
    choices = [
        AudienceChoice(one.value, audience_words(one, organisation, beyond))
        for one in sorted(CHOSEN_AUDIENCES, key=lambda one: -one.width)
        if one.width <= Audience(widest).width and (internal_too or one is not Audience.INTERNAL)
    ]
    return tuple(choices)
