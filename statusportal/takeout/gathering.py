"""Gathering what goes into a takeout: a list of parts, each a table that is read as it is written.

A person gets every row that names them, wherever it lies, less secrets; an organisation gets the tables named below
and each of its devices in the times that it had them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Column, ColumnElement, LargeBinary, Select, Table, and_, or_, select, tuple_

from statusportal.access.actor import SYSTEM, Actor
from statusportal.db.base import Base
from statusportal.discussion.models import Comment
from statusportal.entries.vocabulary import Audience
from statusportal.export.queries import device_table
from statusportal.export.vocabulary import DeviceScope, DeviceTable, Piece, Position
from statusportal.export.vocabulary import Table as Rows
from statusportal.export.walking import walk
from statusportal.fleet.models import Device, Ownership
from statusportal.takeout.gathering_files import FilePart, file_parts, opened_to, pinned_for, sent_by
from statusportal.telemetry.policy import END_OF_TIME_MS
from statusportal.work import Work, Works

_PIECE = 500
_SECRET = re.compile(r"secret|digest|hash|password|sealed|private_key|storage_key")
_NONE: frozenset[str] = frozenset()

# What is left out of a person's rows: others' names in rows that the person only made, and what is not their word.
_LEFT_OUT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "invitation": frozenset({"email", "name"}),
        "status_entry": frozenset({"snapshot", "headline", "body_html", "publication_id"}),
        "comment": frozenset({"body_html", "path"}),
    }
)
# What an organisation takes along beside its devices.
ORGANISATION_TABLES = (
    "accepted_answer",
    "access_grant",
    "applied_fix",
    "article_trial",
    "claim_secret",
    "connection",
    "connection_happening",
    "device_credential",
    "device_group",
    "device_group_member",
    "device_limit",
    "forwarding",
    "forwarding_parcel",
    "group_grant",
    "group_share",
    "identity_provider",
    "invitation",
    "link_opening",
    "linked_identity",
    "me_too",
    "membership",
    "organisation_sharing",
    "ownership",
    "planned_device",
    "planned_work",
    "public_choice",
    "publication_consent",
    "publication_voice",
    "resting_condition",
    "seen_as",
    "share_link",
    "second_proof_rule",
    "transfer",
    "unknown_serial",
)
# Tables that name an organisation and are not among them, with the reason.
NOT_THE_ORGANISATIONS: Mapping[str, str] = MappingProxyType(
    {
        "attachment": "with its file, by the audience of the comment that holds it",
        "affected_machine": "others' machines, counted under an entry without telling whose they are",
        "audit_record": "in a part of its own: what concerns the organisation",
        "comment": "with the device it was said about, by its audience",
        "comment_revision": "with the device it was said about, by its audience",
        "evidence": "with the comment that it is pinned to, by its audience",
        "draft": "unsent words are their author's, and in their own takeout",
        "entry_happening": "with the device it is about, by its audience",
        "mention": "who is called stands in the words themselves",
        "follow": "what somebody follows is theirs, and in their own takeout",
        "notification": "news are told to one person, and stand in their own takeout",
        "reaction": "one word of a person's is theirs, and in their own takeout",
        "read_mark": "how far somebody has read is theirs, and in their own takeout",
        "search_document": "what search made of entries and comments that are there in full",
        "sign_in": "where somebody is signed in is theirs, and in their own takeout",
        "status_entry": "with the device it is about, by its audience",
        "taken_back": "words of the last seconds, which their author may want back",
        "takeout": "who asked for one stands in the log",
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a takeout: its path there without the ending, its rows, and the form they are written in."""

    path: str
    rows: Rows
    form: str = "jsonl"

    @property
    def name(self) -> str:
        """Return its whole name in the archive."""
        return f"{self.path}.{self.form}"


def customer_of(actor: Actor, organisation_id: UUID) -> Actor:
    """Return the actor as one of the organisation's own people and nothing besides."""
    role = actor.memberships[organisation_id]
    return replace(actor, staff_role=None, memberships={organisation_id: role}, granting=frozenset())


def parts_of_person(works: Works, actor: Actor) -> list[Part | FilePart]:
    """List everything about a person: their row, every other that names them, and what is in the log."""
    if actor.person_id is None:
        return []
    person_id, profile = actor.person_id, _table("person")
    mine = select(Comment.organisation_id, Comment.entry_id, Comment.id).where(_is_mine(_table("comment"), actor))
    revision, log, invitation = _table("comment_revision"), _table("audit_record"), _table("invitation")
    evidence, before = _table("evidence"), _under(revision, mine)
    address = select(profile.c.email).where(profile.c.id == person_id).scalar_subquery()
    return [
        Part("me/profile", _rows(works, profile, profile.c.id == person_id)),
        *(
            Part(f"me/{table.name}", _rows(works, table, _is_mine(table, actor), _LEFT_OUT.get(table.name, _NONE)))
            for table in tables_that_name_people()
        ),
        Part("me/comment_before", _rows(works, revision, before)),
        Part("me/evidence", _rows(works, evidence, _under(evidence, mine))),
        Part("me/invitation_received", _rows(works, invitation, invitation.c.email == address)),
        *file_parts(works, sent_by(person_id), "me"),
        Part("me/recorded", _rows(works, log, or_(log.c.actor_id == person_id, log.c.subject_id == str(person_id)))),
    ]


def parts_of_organisation(works: Works, actor: Actor, organisation_id: UUID) -> list[Part | FilePart]:
    """List everything of an organisation: its papers, its people, and each device in the times that it had it."""
    customer = customer_of(actor, organisation_id)
    files = opened_to(works, customer, organisation_id)
    return [
        *_papers(works, organisation_id),
        *(
            part
            for device_id, serial in _devices_of(works, organisation_id)
            for part in _parts_of_device(works, customer, device_id, serial)
        ),
        Part("organisation/evidence", _rows(works, _table("evidence"), pinned_for(works, customer, organisation_id))),
        Part("organisation/attachment", _rows(works, _table("attachment"), files)),
        *file_parts(works, files, "organisation"),
    ]


def tables_that_name_people() -> Iterator[Table]:
    """Walk the tables that point at a person, in the order of their names."""
    for name in sorted(Base.metadata.tables):
        if _person_columns(_table(name)):
            yield _table(name)


def _papers(works: Works, organisation_id: UUID) -> Iterator[Part]:
    organisation, person, membership = _table("organisation"), _table("person"), _table("membership")
    device, ownership, log = _table("device"), _table("ownership"), _table("audit_record")
    owned = select(ownership.c.device_id).where(ownership.c.organisation_id == organisation_id)
    still = owned.where(ownership.c.to_at.is_(None))
    members = select(membership.c.person_id).where(membership.c.organisation_id == organisation_id)
    models = select(device.c.model_id).where(device.c.id.in_(owned))
    words = frozenset({"name", "site", "firmware", "installed_on", "label"})
    unseen = frozenset(column.name for column in person.c) - {"id", "name", "email"}
    for name in ("device_model", "model_signal", "signal_limit"):
        table = _table(name)
        key = table.c.id if name == "device_model" else table.c.model_id
        yield Part(f"models/{name}", _rows(works, table, key.in_(models)))
    yield Part("organisation/profile", _rows(works, organisation, organisation.c.id == organisation_id))
    yield Part("organisation/people", _rows(works, person, person.c.id.in_(members), unseen))
    yield Part("organisation/device", _rows(works, device, device.c.id.in_(still)))
    # Name and site are the present owner's words; who had the machine once knows it by model and serial.
    once = and_(device.c.id.in_(owned), device.c.id.not_in(still))
    yield Part("organisation/device_once", _rows(works, device, once, words))
    for name in ORGANISATION_TABLES:
        table = _table(name)
        yield Part(f"organisation/{name}", _rows(works, table, table.c.organisation_id == organisation_id))
    # What happened to entries and comments stands with them; here it could count what staff keep to themselves.
    told = log.c.subject_kind.not_in(("entry", "comment"))
    yield Part("organisation/recorded", _rows(works, log, and_(log.c.organisation_id == organisation_id, told)))


def _parts_of_device(works: Works, customer: Actor, device_id: UUID, serial: str) -> Iterator[Part]:
    (organisation_id,) = customer.memberships
    scope = DeviceScope(device_id, 0, END_OF_TIME_MS, organisation_id)
    folder = f"devices/{serial}-{device_id}"
    for name in DeviceTable:
        forms = ("jsonl",) if name is not DeviceTable.SAMPLES else ("csv", "parquet")
        for form in forms:
            rows = device_table(partial(works.reading, customer), scope, name)
            yield Part(f"{folder}/{name.value}", rows, form)


def _devices_of(works: Works, organisation_id: UUID) -> list[tuple[UUID, str]]:
    owned = select(Ownership.device_id).where(Ownership.organisation_id == organisation_id)
    query = select(Device.id, Device.serial).where(Device.id.in_(owned)).order_by(Device.id)
    with works.reading(SYSTEM) as work:
        return [(device_id, plain_name(serial)) for device_id, serial in work.session.execute(query)]


def plain_name(text: str) -> str:
    """Write a text of a customer's in letters that every file system takes; it is never a path."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "device"


def _rows(works: Works, table: Table, where: ColumnElement[bool], left_out: frozenset[str] = _NONE) -> Rows:
    """Give the rows of a table that fit, without secrets, in the order of its key."""
    columns = [one for one in table.columns if not _is_secret(one) and one.name not in left_out]
    read = partial(_piece, table, columns, where)
    return Rows(table.name, tuple(one.name for one in columns), walk(partial(works.reading, SYSTEM), read))


def _piece(
    table: Table, columns: list[Column[object]], where: ColumnElement[bool], work: Work, position: Position | None
) -> Piece:
    keys = list(table.primary_key)
    query = select(*keys, *columns).where(where).order_by(*keys).limit(_PIECE)
    if position is not None:
        query = query.where(tuple_(*keys) > tuple_(*position))
    found = work.session.execute(query).all()
    following = tuple(found[-1][: len(keys)]) if len(found) == _PIECE else None
    return Piece([tuple(row[len(keys) :]) for row in found], following)


def _under(table: Table, comments: Select[UUID, UUID, UUID]) -> ColumnElement[bool]:
    return tuple_(table.c.organisation_id, table.c.entry_id, table.c.comment_id).in_(comments)


def _is_mine(table: Table, actor: Actor) -> ColumnElement[bool]:
    """Keep rows that name the person; what staff say among themselves stays with staff."""
    named = or_(*(column == actor.person_id for column in _person_columns(table)))
    if "audience" not in table.c or actor.is_staff:
        return named
    return and_(named, table.c.audience != Audience.INTERNAL.value)


def _person_columns(table: Table) -> list[Column[object]]:
    return [column for column in table.columns if any(key.column.table.name == "person" for key in column.foreign_keys)]


def _is_secret(column: Column[object]) -> bool:
    return isinstance(column.type, LargeBinary) or _SECRET.search(column.name) is not None


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
