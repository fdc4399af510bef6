"""View models of groups: machines that an organisation names together, and who was let at all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from statusportal.http.views.access import GrantShown
from statusportal.http.views.shell import Form, Option


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in the list. `organisation` is empty where there is only one to think of."""

    id: str
    name: str
    organisation: str
    devices: int


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """Template `groups.html`. Fields of `form`: name, organisation; the latter is asked where there are several."""

    groups: tuple[GroupRow, ...] = ()
    organisations: tuple[Option, ...] = ()
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class GroupDevice:
    """A machine in a group."""

    id: str
    name: str
    model: str
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPage:
    """Template `group.html`. Fields of `rename_form`: name; of `add_form`: device; of `form`: as on the access page.

    `devices` and `others` are those that `query` finds, cut to what a page holds.
    """

    id: str
    name: str
    organisation: str
    devices: tuple[GroupDevice, ...] = ()
    count: int = 0
    others: tuple[Option, ...] = ()
    query: str = ""
    has_more_inside: bool = False
    has_more_outside: bool = False
    grants: tuple[GrantShown, ...] = ()
    rights: tuple[Option, ...] = ()
    kinds: tuple[Option, ...] = ()
    verbs: Mapping[str, str] = field(default_factory=dict)
    ticked: str = ""
    form: Form = field(default_factory=Form)
    add_form: Form = field(default_factory=Form)
    rename_form: Form = field(default_factory=Form)
