"""Reactions that write letters: each to the person it is about, from ids alone, off everybody's path.

A secret is made when its letter is written. A letter that could not leave is written anew, with another secret; one
that is of no use any more is not written.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from babel.dates import format_datetime

from statusportal.access.actor import SYSTEM
from statusportal.accounts.inviting import seal_invitation
from statusportal.accounts.models import Invitation, Membership, Organisation, Person
from statusportal.accounts.queries import find_operator
from statusportal.config import Settings
from statusportal.fleet.models import Device
from statusportal.identity.browsers import browser_words
from statusportal.identity.models import SignIn
from statusportal.identity.queries import is_known_browser
from statusportal.maintenance.models import PlannedWork
from statusportal.maintenance.queries import devices_of
from statusportal.notifications.channels.opening import mail_of
from statusportal.notifications.channels.port import Channel
from statusportal.notifications.errors import LetterRefused
from statusportal.notifications.letters import FALLBACK, MOMENTS, write_letter
from statusportal.notifications.vocabulary import Letter, LetterKind
from statusportal.passwords.resetting import begin_reset
from statusportal.upkeep.wording import span
from statusportal.work import Work, Works

log = structlog.get_logger()

# The names under which the outbox knows these listeners.
INVITATION = "letters.invitation"
RESET = "letters.password_reset"
SIGN_IN = "letters.new_sign_in"
VISIT = "letters.visit"
SECOND_PROOFS = "letters.second_proofs_reset"
PASSWORD = "letters.password_changed"  # noqa: S105 - the name of a listener

_STALE_AFTER = timedelta(days=1)


def send_invitation(works: Works, payload: Mapping[str, str]) -> None:
    """Send an invitation its link, unless it was answered, taken back or has run out by now."""
    channel = mail_of(works)
    if channel is None:
        return
    with works.writing(SYSTEM) as work:
        found = seal_invitation(work, UUID(payload["invitation_id"]))
        letter = _invitation(work, *found) if found else None
    _send(channel, letter, LetterKind.INVITATION)


def send_reset(works: Works, payload: Mapping[str, str]) -> None:
    """Send somebody who forgot their password its link; where nobody has the address, no letter is written."""
    channel = mail_of(works)
    if channel is None:
        return
    with works.writing(SYSTEM) as work:
        found = begin_reset(work, UUID(payload["reset_id"]))
        letter = _to(work, LetterKind.PASSWORD_RESET, found[0], f"/reset/{found[1]}", {}) if found else None
    _send(channel, letter, LetterKind.PASSWORD_RESET)


def send_new_sign_in(works: Works, payload: Mapping[str, str]) -> None:
    """Tell somebody of a sign-in with a browser that they never used here; their very first is no news."""
    channel = mail_of(works)
    if channel is None:
        return
    with works.reading(SYSTEM) as work:
        row = work.session.get(SignIn, UUID(payload["sign_in_id"]))
        is_news = row is not None and work.now - row.created_at < _STALE_AFTER and not is_known_browser(work, row)
        letter = _new_sign_in(work, row) if row is not None and is_news else None
    _send(channel, letter, LetterKind.NEW_SIGN_IN)


def send_password_changed(works: Works, payload: Mapping[str, str]) -> None:
    """Tell somebody that their password was changed: if it was not them, this is how they learn of it."""
    channel = mail_of(works)
    if channel is None:
        return
    with works.reading(SYSTEM) as work:
        person = work.session.get(Person, UUID(payload["person_id"]))
        facts = {"at": _when(work.now, person, work.settings)} if person else {}
        letter = _to(work, LetterKind.PASSWORD_CHANGED, person, "/forgotten", facts) if person else None
    _send(channel, letter, LetterKind.PASSWORD_CHANGED)


def send_second_proofs_reset(works: Works, payload: Mapping[str, str]) -> None:
    """Tell somebody that an administrator took their second proof away: nobody else would notice a wrong one."""
    channel = mail_of(works)
    if channel is None:
        return
    with works.reading(SYSTEM) as work:
        person = work.session.get(Person, UUID(payload["person_id"]))
        facts = {"at": _when(work.now, person, work.settings)} if person else {}
        kind = LetterKind.SECOND_PROOFS_RESET
        letter = _to(work, kind, person, "/profile/sign-in", facts) if person and not person.is_disabled else None
    _send(channel, letter, LetterKind.SECOND_PROOFS_RESET)


def send_visit(works: Works, payload: Mapping[str, str]) -> None:
    """Tell somebody that a visit was confirmed or moved, unless it is neither any more, or no business of theirs."""
    channel = mail_of(works)
    if channel is None:
        return
    kind = LetterKind(f"visit_{payload['state']}")
    with works.reading(SYSTEM) as work:
        row = work.session.get(PlannedWork, (UUID(payload["organisation_id"]), UUID(payload["work_id"])))
        person = work.session.get(Person, UUID(payload["person_id"]))
        is_news = row is not None and row.state == payload["state"] and row.to_at > work.now
        letter = _visit(work, kind, row, person) if row is not None and person is not None and is_news else None
    _send(channel, letter, kind)


def _visit(work: Work, kind: LetterKind, row: PlannedWork, person: Person) -> Letter | None:
    belongs = work.session.get(Membership, (row.organisation_id, person.id)) is not None or bool(person.staff_role)
    devices = devices_of(work, row)
    if person.is_disabled or not belongs or not devices:
        return None
    organisation = work.session.get_one(Organisation, row.organisation_id)
    machine = work.session.get_one(Device, devices[0].device_id)
    facts = {
        "machine": machine.name_at(work.now),
        "organisation": organisation.name,
        "time": span(row.from_at, row.to_at, organisation.time_zone, person.locale),
    }
    return _to(work, kind, person, f"/maintenance/{row.id}", facts)


def _invitation(work: Work, row: Invitation, secret: str) -> Letter:
    organisation = work.session.get_one(Organisation, row.organisation_id)
    inviter = work.session.get(Person, row.invited_by) if row.invited_by else None
    portal, locale = _portal(work), work.settings.default_locale
    facts = {
        "portal": portal,
        "organisation": organisation.name,
        "inviter": inviter.name if inviter else portal,
        "until": _moment(row.expires_at, organisation.time_zone, locale),
    }
    link = work.settings.link(f"/invitations/{secret}")
    return write_letter(LetterKind.INVITATION, locale, row.email, row.name, link, facts)


def _new_sign_in(work: Work, row: SignIn) -> Letter | None:
    person = work.session.get_one(Person, row.person_id)
    facts = {
        "browser": browser_words(row.user_agent),
        "address": row.address,
        "at": _when(row.created_at, person, work.settings),
    }
    return _to(work, LetterKind.NEW_SIGN_IN, person, "/profile", facts)


def _to(work: Work, kind: LetterKind, person: Person, path: str, facts: Mapping[str, str]) -> Letter:
    whole = {"portal": _portal(work), **facts}
    return write_letter(kind, person.locale, person.email, person.name, work.settings.link(path), whole)


def _send(channel: Channel, letter: Letter | None, kind: LetterKind) -> None:
    """Hand a letter over; one that will never be taken is logged by its kind, and comes no more.

    Raises: ChannelDown, so that the outbox comes again.
    """
    if letter is None:
        return
    try:
        channel.send(letter)
    except LetterRefused as err:
        log.warning("letter_refused", kind=kind.value, reason=err.detail)


def _portal(work: Work) -> str:
    operator = find_operator(work)
    return operator.name if operator else work.settings.operator_name


def _when(at: datetime, person: Person, settings: Settings) -> str:
    return _moment(at, person.time_zone or settings.default_time_zone, person.locale)


def _moment(at: datetime, zone: str, locale: str) -> str:
    spoken = locale if locale in MOMENTS else FALLBACK
    return format_datetime(at, MOMENTS[spoken], ZoneInfo(zone), spoken)
