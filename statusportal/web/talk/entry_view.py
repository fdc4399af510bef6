"""From an entry's row to its page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import Right
from statusportal.accounts.models import Organisation
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import Participant, participants_of
from statusportal.entries.disputing import can_be_disputed
from statusportal.entries.models import EntryHappening, StatusEntry
from statusportal.entries.queries import comment_count_seen, happenings_of, may_edit, may_on, version_seen
from statusportal.entries.vocabulary import OWNERS_STEPS, STEPS, Audience, Lifecycle
from statusportal.fleet.queries import words_seen
from statusportal.following.vocabulary import FollowedKind
from statusportal.http.filters import reader_locale
from statusportal.http.parts import Part
from statusportal.http.views.articles import Around
from statusportal.http.views.devices import Reader
from statusportal.http.views.entries import EarlierUpdate, EntryPage, LifecycleStep, Now, OfficialUpdate, Snapshot
from statusportal.http.views.news import FollowView
from statusportal.http.views.shell import Form, Health, Option
from statusportal.http.words import lifecycle_word
from statusportal.overview.access import Beyond
from statusportal.status.queries import StatusNow, statuses_of
from statusportal.threads.queries import updates_of
from statusportal.web.community.views import entry_community
from statusportal.web.following_view import follow_view
from statusportal.web.reasons import reason_words
from statusportal.web.shell import operator_name
from statusportal.web.talk.answer_view import answer_view
from statusportal.web.talk.consent_view import consent_view
from statusportal.web.talk.events_view import confirmation_of, end_expected, events_view, watching_of
from statusportal.web.talk.evidence_view import with_pins
from statusportal.web.talk.known_view import known_fixes
from statusportal.web.talk.me_too import me_too_view
from statusportal.web.talk.places import comment_href
from statusportal.web.talk.snapshot_view import snapshot_view
from statusportal.web.talk.thread_view import Loaded, load_thread, thread_view
from statusportal.web.talk.words import audience_view, author_view, beyond_words, entry_title, person_view
from statusportal.work import Work


def entry_page(work: Work, entry: StatusEntry, form: Form | None = None) -> EntryPage:
    """Return the whole page of an entry for the work's actor."""
    organisation = work.session.get(Organisation, entry.organisation_id)
    name = organisation.name if organisation else ""
    loaded = load_thread(work, entry, form)
    return replace(
        _page(work, entry, organisation, loaded, form),
        readers=_readers(entry, name, loaded.beyond),
        consent=consent_view(work, entry, name),
        community=entry_community(work, entry),
        follow=_follow(work, entry, loaded),
        edit_href=url_for("entries.edit_entry", entry_id=entry.id) if may_edit(work, entry) else "",
        links_href=url_for("links.of_entry", entry_id=entry.id) if _may_link(work, entry) else "",
    )


def _page(
    work: Work, entry: StatusEntry, organisation: Organisation | None, loaded: Loaded, form: Form | None
) -> EntryPage:
    """Return what happened and what was said, without who may read it and where that is changed."""
    name = organisation.name if organisation else ""
    statuses = statuses_of(work, [entry.device_id])
    # A link shows the present of its time; what the machine is called is asked by today's owner.
    device = words_seen(work, [entry.device], None if work.actor.link else statuses)[entry.device_id]
    status = statuses.get(entry.device_id)
    happenings = happenings_of(work, entry.id) if Part.HAPPENINGS in loaded.parts else ()
    return EntryPage(
        id=str(entry.id),
        title=entry_title(entry),
        kind=entry.kind,
        device_id=str(entry.device_id),
        device_name=device.name,
        health=cast("Health | None", entry.health),
        lifecycle=entry.lifecycle,
        audience=audience_view(entry.audience, organisation, loaded.beyond),
        thread=thread_view(work, entry, name, loaded, form),
        author=author_view(entry.author, entry.author_role, name),
        created_at=entry.created_at,
        code=entry.code or "",
        body=Markup(loaded.references.drawn(entry.body_html)),  # noqa: S704 - sanitised when it was written
        edited_at=entry.edited_at,
        lasted_s=_lasted_s(entry, work.now),
        steps=_steps(entry, happenings, end_expected(entry, work.now)),
        now=_now(status),
        official=_official(entry, updates_of(work, entry) if Part.UPDATES in loaded.parts else (), name),
        answer=answer_view(loaded.answered, name, loaded.reacted),
        confirmation=confirmation_of(entry, happenings),
        watching=watching_of(entry, status, work.now),
        events=events_view(work, entry),
        around=_around(work, entry, loaded),
        snapshot=with_pins(_snapshot(entry, device.firmware), loaded.pinned),
        people=tuple(person_view(one.name, one.role) for one in _participants(work, entry)),
        next_lifecycles=_next_lifecycles(work, entry),
        can_dispute=_can_dispute(work, entry),
        disputed_at=entry.disputed_at,
        version=version_seen(work, entry),
    )


def _follow(work: Work, entry: StatusEntry, loaded: Loaded) -> FollowView | None:
    back, is_followed = url_for("entries.entry", entry_id=entry.id), Part.FOLLOW in loaded.parts
    return follow_view(work, FollowedKind.ENTRY, entry.id, back, is_followed=is_followed)


def _around(work: Work, entry: StatusEntry, loaded: Loaded) -> Around:
    me_too = me_too_view(work, entry, is_said=Part.AFFECTED in loaded.parts)
    return Around(me_too, known_fixes(work, entry, loaded.answered), entry.device.model.slug)


def _participants(work: Work, entry: StatusEntry) -> Sequence[Participant]:
    return participants_of(work, entry.id) if comment_count_seen(work, entry) else ()


def _snapshot(entry: StatusEntry, firmware: str) -> Snapshot | None:
    return snapshot_view(entry.snapshot, firmware, entry.code) if entry.snapshot else None


def _lasted_s(entry: StatusEntry, now: datetime) -> int | None:
    """Return how long it lasted, or has lasted; what has no health has no duration."""
    if entry.health is None:
        return None
    return int(((entry.resolved_at or now) - entry.opened_at).total_seconds())


def _steps(entry: StatusEntry, happenings: Sequence[EntryHappening], end: str) -> tuple[LifecycleStep, ...]:
    """Return the six steps, each with the last time it was reached; the last with when it is expected."""
    reached: dict[str, datetime] = {Lifecycle.OPEN.value: entry.opened_at}
    for happening in happenings:
        if step := happening.after.get("lifecycle"):
            reached[step] = happening.at
    order = list(Lifecycle)
    current = order.index(Lifecycle(entry.lifecycle))
    return tuple(
        LifecycleStep(
            key=step.value,
            at=reached.get(step.value) if place <= current else None,
            note=end if step is Lifecycle.RESOLVED else "",
            state="current" if place == current else "done" if place < current and step.value in reached else "ahead",
        )
        for place, step in enumerate(order)
    )


def _now(status: StatusNow | None) -> Now | None:
    """Return the machine's word of this minute, for those who may look at it as it is now."""
    if status is None:
        return None
    return Now(health=status.health.value, sentence=reason_words(status.reason), heard_at=status.heard_at)


def _official(entry: StatusEntry, updates: Sequence[Comment], organisation: str) -> OfficialUpdate | None:
    """Return the newest official update with those before it; without one the block is absent."""
    if not updates:
        return None
    newest = updates[0]
    return OfficialUpdate(
        author=author_view(newest.author, newest.author_role, organisation).name,
        at=newest.created_at,
        body=Markup(newest.body_html),  # noqa: S704 - sanitised when it was written (prose/markdown.py)
        earlier=tuple(
            EarlierUpdate(
                at=one.created_at,
                author=author_view(one.author, one.author_role, organisation).name,
                words=one.body_markdown[:200],
                href=comment_href(entry.id, one.id),
            )
            for one in updates[1:]
        ),
    )


def _readers(entry: StatusEntry, organisation: str, beyond: Beyond) -> tuple[Reader, ...]:
    width = Audience(entry.audience).width
    is_inside, is_shared = width >= Audience.ORGANISATION.width, width >= Audience.SHARED.width
    return (
        Reader("wrench", operator_name()),
        Reader("building", organisation, is_in=is_inside),
        *(Reader("eye", words, is_in=is_inside) for words in beyond_words(beyond)),
        Reader("people", _("Those whom %(name)s lets in", name=organisation), is_in=is_shared),
        _community_reader(entry),
    )


def _community_reader(entry: StatusEntry) -> Reader:
    if entry.publication_id is None:
        return Reader("people", _("Owners of this model: not shared"), is_in=False)
    return Reader("people", _("Owners of this model, anonymised"), is_in=True)


def _next_lifecycles(work: Work, entry: StatusEntry) -> tuple[Option, ...]:
    """Return the steps that this reader may take; reopening has a place of its own."""
    present = Lifecycle(entry.lifecycle)
    if actor_holds(work.actor, Permission.ENTRY_MOVE, entry.organisation_id):
        possible = STEPS[present]
    elif may_on(work, entry, Permission.ENTRY_ACKNOWLEDGE, Right.ACK):
        possible = STEPS[present] & OWNERS_STEPS if present is Lifecycle.OPEN else frozenset()
    else:
        possible = frozenset()
    return tuple(
        Option(step.value, lifecycle_word(step.value, locale=reader_locale()))
        for step in Lifecycle
        if step in possible and step not in {present, Lifecycle.OPEN}
    )


def _may_link(work: Work, entry: StatusEntry) -> bool:
    return entry.audience != Audience.INTERNAL and may_on(work, entry, Permission.LINK_MAKE, Right.MANAGE)


def _can_dispute(work: Work, entry: StatusEntry) -> bool:
    if not can_be_disputed(entry):
        return False
    return may_on(work, entry, Permission.ENTRY_ACKNOWLEDGE, Right.ACK)
