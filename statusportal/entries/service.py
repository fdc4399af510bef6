"""Verbs on entries: publish, edit, take a step of the lifecycle."""

from typing import Any
from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.access.vocabulary import Right
from statusportal.entries.events import EntryEdited, EntryMoved, EntryPublished
from statusportal.entries.models import EntryHappening, StatusEntry
from statusportal.entries.queries import entry_for, locked_entry, may_edit, require_on, version_seen
from statusportal.entries.vocabulary import (
    CHOSEN_AUDIENCES,
    OPERATORS_KINDS,
    OWNERS_STEPS,
    PUBLISHED_KINDS,
    STEPS,
    Audience,
    EntryKind,
    HappeningKind,
    Lifecycle,
)
from statusportal.fleet.models import Ownership
from statusportal.fleet.queries import device_for, is_shared, ownership_at, ownership_holds, require_right
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Conflict, FieldError, Forbidden, IllegalTransition, Invalid, Sentence, Stale
from statusportal.foundation.ids import new_id
from statusportal.foundation.vocabulary import Health
from statusportal.prose.checking import text_checked, title_checked
from statusportal.prose.markdown import render_markdown
from statusportal.status.service import declare_condition, withdraw_condition
from statusportal.work import Work

_DECLARED = "entry:{}"


def publish_entry(
    work: Work,
    device_id: UUID,
    kind: EntryKind,
    title: str,
    body: str,
    audience: Audience | None = None,
    health: Health | None = None,
) -> StatusEntry:
    """Put a page on a device's time line under its present owner.

    Shape: without an audience it is for the owner's people, and for those who were let in where somebody was.

    Raises: NotFound for an invisible device; Forbidden without the right, or when the device was only formerly the
    actor's; Conflict when nobody owns it; Invalid with pointers.
    """
    device_for(work, device_id)
    _check_new(kind, audience, health)
    text = text_checked(work, "/body", body)
    heading = title_checked(title)
    ownership = _present_ownership(work, device_id)
    chosen = _audience_reaching_author(work, ownership, audience)
    _require_publishing(work, device_id, ownership.organisation_id, kind, chosen)
    entry = StatusEntry(
        organisation_id=ownership.organisation_id,
        id=new_id(),
        device_id=device_id,
        ownership_id=ownership.id,
        kind=kind,
        title=heading,
        body_markdown=text,
        body_html=render_markdown(text),
        health=health,
        lifecycle=Lifecycle.OPEN,
        audience=chosen,
        author_id=work.actor.person_id,
        author_role=work.actor.badge_in(ownership.organisation_id),
        opened_at=work.now,
        created_at=work.now,
    )
    work.session.add(entry)
    work.session.flush()
    if health is not None:
        require(work.actor, Permission.ENTRY_DECLARE_HEALTH, entry.organisation_id)
        _declare(work, entry, health)
    work.emit(EntryPublished(organisation_id=entry.organisation_id, device_id=device_id, entry_id=entry.id))
    return entry_for(work, entry.id)


def wording_of(entry: StatusEntry) -> int:
    """Return a number that is another one once the words are others: talk below them does not change it."""
    return to_ms(entry.edited_at or entry.created_at)


def edit_entry(
    work: Work, entry_id: UUID, title: str | None = None, body: str | None = None, wording: int | None = None
) -> StatusEntry:
    """Change an entry's words and keep what stood before. Its author may; the portal's own entries are the staff's.

    Raises: NotFound, Forbidden, Invalid with pointers; Stale when it has another wording than the one that was read.
    """
    entry = locked_entry(work, entry_id)
    require_authorship(work, entry)
    if wording not in (None, wording_of(entry)):
        raise Stale(wording_of(entry))
    before = {"title": entry.title, "body_markdown": entry.body_markdown}
    if title is not None:
        heading = title_checked(title)
        if heading != entry.title:
            entry.title = heading
            entry.headline = None
    if body is not None:
        entry.body_markdown = text_checked(work, "/body", body)
        entry.body_html = render_markdown(entry.body_markdown)
    after = {"title": entry.title, "body_markdown": entry.body_markdown}
    if after == before:
        return entry
    entry.edited_at = work.now
    raise_version(entry, entry.audience)
    add_happening(work, entry, HappeningKind.EDITED, before, after)
    work.emit(EntryEdited(organisation_id=entry.organisation_id, device_id=entry.device_id, entry_id=entry.id))
    return entry


def move_lifecycle(work: Work, entry_id: UUID, wanted: Lifecycle) -> StatusEntry:
    """Take one step. Owners may acknowledge and reopen; staff take every step; standing still is no step.

    Raises: NotFound, Forbidden, IllegalTransition.
    """
    entry = locked_entry(work, entry_id)
    if entry.lifecycle == wanted:
        return entry
    if wanted not in STEPS[Lifecycle(entry.lifecycle)]:
        raise IllegalTransition(entry.lifecycle, wanted)
    if not actor_holds(work.actor, Permission.ENTRY_MOVE, entry.organisation_id):
        if wanted not in OWNERS_STEPS:
            require(work.actor, Permission.ENTRY_MOVE, entry.organisation_id)
        require_on(work, entry, Permission.ENTRY_ACKNOWLEDGE, Right.ACK)
    take_step(work, entry, wanted, {})
    return entry


def take_step(work: Work, entry: StatusEntry, wanted: Lifecycle, cause: dict[str, Any]) -> None:
    """Move an entry that may be moved, and tell. `cause` goes on the happening: why the portal took the step."""
    before = Lifecycle(entry.lifecycle)
    entry.lifecycle = wanted
    entry.resolved_at = work.now if wanted is Lifecycle.RESOLVED else None
    reopened = wanted is Lifecycle.OPEN
    is_theirs = ownership_holds(work, entry.device_id, entry.ownership_id)
    is_declared = entry.disputed_at is not None or (entry.kind in PUBLISHED_KINDS and entry.health is not None)
    if is_declared and is_theirs:
        if wanted is Lifecycle.RESOLVED:
            withdraw_condition(work, entry.device_id, declared_code(entry))
        elif before is Lifecycle.RESOLVED and entry.health is not None:
            _declare(work, entry, Health(entry.health))
    if wanted is Lifecycle.RESOLVED:
        entry.disputed_at = None
    tell_step(work, entry, HappeningKind.REOPENED if reopened else HappeningKind.LIFECYCLE, before, cause)


def tell_step(work: Work, entry: StatusEntry, kind: HappeningKind, before: Lifecycle, cause: dict[str, Any]) -> None:
    """Record what happened to an entry's lifecycle, or to the condition behind it, and tell the listeners."""
    raise_version(entry, entry.audience)
    happening = add_happening(
        work, entry, kind, {"lifecycle": before}, {"lifecycle": Lifecycle(entry.lifecycle).value, **cause}
    )
    work.emit(
        EntryMoved(
            organisation_id=entry.organisation_id,
            device_id=entry.device_id,
            entry_id=entry.id,
            happening_id=happening.id,
            before=before,
            after=Lifecycle(entry.lifecycle),
        )
    )


def expect_version(work: Work, entry_id: UUID, version: int) -> StatusEntry:
    """Lock an entry and make sure that it is the one the caller read.

    Raises: NotFound; Stale with the present version.
    """
    entry = locked_entry(work, entry_id)
    present = version_seen(work, entry)
    if present != version:
        raise Stale(present)
    return entry


def raise_version(entry: StatusEntry, audience: str) -> None:
    """Count a change that readers of the given audience see; staff's own changes count apart."""
    if audience == Audience.INTERNAL:
        entry.internal_version += 1
    else:
        entry.version += 1


def note_words(work: Work, entry: StatusEntry, audience: str, change: int) -> None:
    """Count a comment in (1), out (-1) or changed (0). The entry is locked by the caller."""
    raise_version(entry, audience)
    if audience == Audience.INTERNAL:
        entry.internal_comment_count += change
        return
    entry.comment_count += change
    if change > 0:
        entry.last_word_at = work.now


def add_happening(
    work: Work,
    entry: StatusEntry,
    kind: HappeningKind,
    before: dict[str, Any],
    after: dict[str, Any],
    audience: str | None = None,
) -> EntryHappening:
    """Keep what happened to the entry itself."""
    happening = EntryHappening(
        organisation_id=entry.organisation_id,
        entry_id=entry.id,
        id=new_id(),
        kind=kind,
        audience=audience or entry.audience,
        person_id=work.actor.person_id,
        person_role=work.actor.badge_in(entry.organisation_id),
        at=work.now,
        before=before,
        after=after,
    )
    work.session.add(happening)
    work.session.flush()
    return happening


def usual_audience(work: Work, ownership_id: UUID) -> Audience:
    """Return for whom a new entry is when nobody says: those who may look at the machine now."""
    return Audience.SHARED if is_shared(work, ownership_id) else Audience.ORGANISATION


def _present_ownership(work: Work, device_id: UUID) -> Ownership:
    """Return whose time line a new entry goes on; whose a device is now is not a former owner's to know.

    Raises: Forbidden, Conflict.
    """
    ownership = ownership_at(work, device_id, work.now)
    if ownership is not None:
        return ownership
    if not work.actor.is_operator:
        raise Forbidden(Permission.ENTRY_ASK.value, "customer_admin")
    raise Conflict(Sentence("This device belongs to nobody at present, so nobody could read the entry."))


def _declare(work: Work, entry: StatusEntry, health: Health) -> None:
    """Make the entry's health a condition of the device, until the entry is resolved."""
    reason = {"key": "declared", "args": {"text": entry.title}, "en": entry.title, "da": entry.title}
    declare_condition(work, entry.device_id, declared_code(entry), health, reason)


def declared_code(entry: StatusEntry) -> str:
    """Return the code under which an entry's own condition of the device stands."""
    return _DECLARED.format(entry.id)


def _check_new(kind: EntryKind, audience: Audience | None, health: Health | None) -> None:
    errors = []
    if kind not in PUBLISHED_KINDS:
        errors.append(FieldError("/kind", Sentence("must be field_update, question or maintenance")))
    if audience is not None and audience not in CHOSEN_AUDIENCES:
        errors.append(FieldError("/audience", Sentence("must be internal, organisation or shared")))
    if health in {Health.NORMAL, Health.UNKNOWN}:
        errors.append(FieldError("/health", Sentence("must name something that is wrong")))
    if errors:
        raise Invalid(errors)


def _audience_reaching_author(work: Work, ownership: Ownership, audience: Audience | None) -> Audience:
    """Return the audience; nobody writes what they could not read themselves, nor opens what is another's to open."""
    if work.actor.belongs_to(ownership.organisation_id):
        usual = usual_audience(work, ownership.id)
        if audience is Audience.SHARED and usual is not audience and not _may_open(work, ownership.organisation_id):
            raise Invalid.field("/audience", Sentence("is wider than usual here; the owner's administrators open it"))
        return audience or usual
    if audience is not None:
        raise Invalid.field("/audience", Sentence("can be chosen by the owner's people and staff only"))
    return Audience.SHARED


def _may_open(work: Work, organisation_id: UUID) -> bool:
    """Tell whether a new entry may be wider than usual: staff need the owner's consent, its people their sharing."""
    right = Permission.ENTRY_CONSENT if work.actor.is_staff else Permission.DEVICE_SHARE
    return actor_holds(work.actor, right, organisation_id)


def _require_publishing(
    work: Work, device_id: UUID, organisation_id: UUID, kind: EntryKind, audience: Audience
) -> None:
    """Operators' kinds and internal ones are the staff's; anybody who owns or was granted COMMENT may ask."""
    if kind in OPERATORS_KINDS or audience is Audience.INTERNAL:
        require(work.actor, Permission.ENTRY_PUBLISH, organisation_id)
    else:
        require_right(work, Permission.ENTRY_ASK, Right.COMMENT, device_id, organisation_id, work.now)


def require_authorship(work: Work, entry: StatusEntry) -> None:
    """Let only those go on whose words they are, or staff for the portal's."""
    if not may_edit(work, entry):
        raise Forbidden("entry:edit", "the author, or staff for the portal's own words")
