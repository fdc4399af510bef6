"""The demo's content as its files hold it. Whatever a file says wrong stops the reading with its place."""

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import TypeVar

import msgspec

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.catalogue.filing import ModelFile, read_model_file
from statusportal.discussion.vocabulary import CommentKind
from statusportal.entries.vocabulary import Audience, EntryKind, Lifecycle
from statusportal.foundation.vocabulary import Health

MODELS = ("aurora-m3", "polar-86", "boreas-37", "vagt-20")
TALKS = ("engdal", "herning", "danish")


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table of a file."""


TableKind = TypeVar("TableKind", bound=Table)


class OrganisationTable(Table, frozen=True):
    """One organisation."""

    slug: str
    name: str
    kind: OrganisationKind = OrganisationKind.CUSTOMER


class PersonTable(Table, frozen=True):
    """One person: staff, or a member of one organisation. `about` tells a visitor whose eyes these are."""

    key: str
    name: str
    email: str
    about: str
    staff: StaffRole | None = None
    organisation: str = ""
    role: MemberRole = MemberRole.CUSTOMER
    locale: str = "en"


class PeopleFile(Table, frozen=True):
    """`people.toml`."""

    password: str
    organisations: tuple[OrganisationTable, ...]
    people: tuple[PersonTable, ...]


class TroubleTable(Table, frozen=True, rename={"since": "from"}):
    """A stretch in which a machine failed in one way; without `lasts` it still does."""

    mode: str
    since: str
    lasts: str = ""


class DriftTable(Table, frozen=True):
    """A failure still to come: counted from the start of the server, repaired by itself, and back after a while."""

    mode: str
    after: str
    lasts: str
    every: str


class SaleTable(Table, frozen=True):
    """A change of ownership, and what the buyer calls the machine."""

    to: str
    at: str
    name: str
    site: str


class MachineTable(Table, frozen=True):
    """One machine, what happened to it, and what will."""

    serial: str
    model: str
    owner: str
    name: str
    site: str
    seed: int
    installed: date | None = None
    firmware: str = ""
    trouble: tuple[TroubleTable, ...] = ()
    drift: DriftTable | None = None
    sold: SaleTable | None = None
    is_unheard: bool = False


class GrantTable(Table, frozen=True, rename={"since": "from"}):
    """An owner lets another organisation at a machine."""

    device: str
    to: str
    by: str
    rights: tuple[str, ...]
    since: str


class MachinesFile(Table, frozen=True):
    """`machines.toml`; `kinds` says which simulated machine plays which model."""

    kinds: Mapping[str, str]
    machines: tuple[MachineTable, ...]
    grants: tuple[GrantTable, ...]


class EditTable(Table, frozen=True):
    """How a comment's author changed it later."""

    after: str
    body: str


class AcceptedTable(Table, frozen=True):
    """Who accepted it as the answer, and who did on the machine what it says."""

    after: str
    by: str
    applied_by: str = ""


class LearnedTable(Table, frozen=True):
    """The article that an expert made of an accepted answer."""

    after: str
    by: str
    reviewed_by: str
    title: str
    symptom: str
    cause: str
    fix: str
    firmware_from: str = ""
    firmware_to: str = ""


class SaidTable(Table, frozen=True):
    """One thing a person did under an entry: a comment (`body`) or a step of its lifecycle (`to`)."""

    after: str
    by: str
    key: str = ""
    body: str = ""
    kind: CommentKind = CommentKind.COMMENT
    audience: Audience | None = None
    reply_to: str = ""
    edited: EditTable | None = None
    deleted_after: str = ""
    to: Lifecycle | None = None
    accepted: AcceptedTable | None = None
    learned: LearnedTable | None = None


class EntryTable(Table, frozen=True):
    """One entry and its talk. With a `code` the machine opens it; otherwise a person does, `by`."""

    device: str
    since: str
    code: str = ""
    by: str = ""
    kind: EntryKind = EntryKind.QUESTION
    title: str = ""
    body: str = ""
    audience: Audience = Audience.ORGANISATION
    health: Health | None = None
    talk: tuple[SaidTable, ...] = ()


class TalkFile(Table, frozen=True):
    """One file of `entries/`."""

    entries: tuple[EntryTable, ...]


class AnswerTable(Table, frozen=True):
    """What another owner, or the operator, said to what was shared."""

    by: str
    body: str


class SharedTable(Table, frozen=True):
    """One entry that is shared with the owners of its model: by code or title, or, with a body, asked now."""

    device: str
    by: str
    code: str = ""
    title: str = ""
    body: str = ""
    answers: tuple[AnswerTable, ...] = ()


class SharedFile(Table, frozen=True):
    """`entries/shared.toml`."""

    shared: tuple[SharedTable, ...]


def read_people() -> PeopleFile:
    """Read who there is."""
    return _read("people.toml", PeopleFile)


def read_machines() -> MachinesFile:
    """Read what there is."""
    return _read("machines.toml", MachinesFile)


def read_models() -> tuple[ModelFile, ...]:
    """Read the products."""
    return tuple(read_model_file(_bytes(f"models/{slug}.toml")) for slug in MODELS)


def read_entries() -> tuple[EntryTable, ...]:
    """Read what was said."""
    return tuple(entry for name in TALKS for entry in _read(f"entries/{name}.toml", TalkFile).entries)


def read_shared() -> tuple[SharedTable, ...]:
    """Read what owners share."""
    return _read("entries/shared.toml", SharedFile).shared


def _read(name: str, kind: type[TableKind]) -> TableKind:
    try:
        return msgspec.toml.decode(_bytes(name), type=kind)
    except msgspec.MsgspecError as err:
        raise ValueError(f"{name}: {err}") from err


def _bytes(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
