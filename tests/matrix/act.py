"""One way to use an operation, with a body in which the things of the matrix are named."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from statusportal.access.permissions import Permission
from statusportal.http.policies import Reach

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Act:
    """One way to use an operation.

    `json` or `form` is the body; `{name}` in its texts stands for the thing of that name. `asks` is the permission for
    what this body wants, one of those that the route declares; `reach` is said where the thing stands in the body.
    `status` is the answer to who may, where it is not the usual one: 200 to a reading, 303 to a form, 201 to a POST of
    the API. `by` names the visitors whose body it is, where others who may would be told that it is a wrong one.
    `elsewhere` is the test that shows the 2xx where that takes more than one request by token: a session, a proof, a
    file that was made. `things` names another thing for a variable of the address: `{"device_id": "stock_id"}`.
    `files` go with a form, by field: the bytes and the name. `cookies` are what a link left in the browser before;
    `missing` is the answer about what nobody has, where it is not the usual one.
    """

    name: str = ""
    json: object = None
    form: Body | None = None
    files: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    asks: Permission | None = None
    reach: Reach | None = None
    is_authors: bool = False
    by: frozenset[str] | None = None
    elsewhere: str = ""
    things: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    missing: int = 404


def filled(value: object, things: Mapping[str, str]) -> object:
    """Put the ids of things into every text of a body."""
    if isinstance(value, str):
        return value.format_map(things) if "{" in value else value
    if isinstance(value, Mapping):
        return {key: filled(one, things) for key, one in value.items()}
    return [filled(one, things) for one in value] if isinstance(value, list) else value
