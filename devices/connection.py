"""A connection file: one configured use of an adapter, as TOML, with its secrets elsewhere if one likes.

A secret option `password` may instead be given as `password_env` (a variable's name) or `password_file` (a path).
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from devices.errors import ConnectionFileInvalid, OptionInvalid
from devices.option_faults import option_fault
from devices.options import Hint, Options, describe, guessing
from devices.protocol import Adapter
from devices.registry import build_adapter, manifest_of
from devices.sentence import Sentence
from devices.system_words import system_words


class PortalOptions(Options, frozen=True, kw_only=True):
    """The `[portal]` table: where a gateway forwards to. The token is never in the file itself."""

    url: Annotated[str, Hint("The portal's address, such as https://status.example.com")]
    token_env: Annotated[str, Hint("The environment variable that holds the gateway's token")] = ""
    token_file: Annotated[str, Hint("The file that holds the gateway's token")] = ""
    buffer: Annotated[str, Hint("The file of the durable buffer; empty puts it beside the connection file")] = ""


class Connection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a connection file says; secrets are still where it says they are."""

    adapter: str
    name: str = ""
    organisation: str = ""
    options: dict[str, object] = {}
    map: dict[str, object] = {}
    format: dict[str, object] = {}
    portal: dict[str, object] | None = None

    def build(self, environment: Mapping[str, str] = os.environ) -> Adapter:
        """Make the adapter, fetching secrets from the environment or from files.

        Raises: SettingInvalid.
        """
        options = with_secrets(manifest_of(self.adapter).options, self.options, environment)
        return build_adapter(self.adapter, options, mapping=self.map, format_given=self.format)


def parse_connection(text: str) -> Connection:
    """Read a connection file's text.

    Raises: ConnectionFileInvalid: no TOML, an unknown key, or a missing one.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as err:
        raise ConnectionFileInvalid(Sentence("The file is not TOML: %(trouble)s", trouble=str(err))) from err
    known = Connection.__struct_fields__
    for name in tables:
        if name not in known:
            raise ConnectionFileInvalid(guessing(Sentence("There is no key %(name)s.", name=repr(name)), name, known))
    try:
        return msgspec.convert(tables, Connection)
    except msgspec.ValidationError as err:
        raise ConnectionFileInvalid(option_fault(str(err))) from err


def load_connection(path: Path) -> Connection:
    """Read a connection file; without a name it is called after the file.

    Raises: ConnectionFileInvalid.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise ConnectionFileInvalid(_unreadable(str(path), err)) from err
    connection = parse_connection(text)
    return connection if connection.name else msgspec.structs.replace(connection, name=path.stem)


def with_secrets(
    options: type[Options],
    given: Mapping[str, object],
    environment: Mapping[str, str],
) -> dict[str, object]:
    """Replace `x_env` and `x_file` by the secret `x` they point to.

    Raises: OptionInvalid: the variable is not set, the file cannot be read, or the secret is given twice.
    """
    result = dict(given)
    for spec in describe(options):
        if not spec.is_secret:
            continue
        for suffix in ("_env", "_file"):
            place = result.pop(f"{spec.name}{suffix}", None)
            if place is None:
                continue
            if spec.name in result:
                raise OptionInvalid(f"{spec.name}{suffix}", Sentence("The secret is given twice."))
            result[spec.name] = read_secret(f"{spec.name}{suffix}", str(place), environment)
    return result


def read_secret(option: str, place: str, environment: Mapping[str, str]) -> str:
    """Fetch a secret from where an option ending in `_env` or `_file` points to.

    Raises: OptionInvalid: it is not there, or empty.
    """
    if option.endswith("_env"):
        found = environment.get(place, "")
        if not found:
            raise OptionInvalid(option, Sentence("The environment variable %(name)s is not set.", name=repr(place)))
        return found
    try:
        found = Path(place).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as err:
        raise OptionInvalid(option, _unreadable(place, err)) from err
    if not found:
        raise OptionInvalid(option, Sentence("%(place)s is empty.", place=place))
    return found


def _unreadable(place: str, err: OSError | UnicodeDecodeError) -> Sentence:
    trouble = system_words(err) if isinstance(err, OSError) else Sentence("it is not UTF-8")
    return Sentence("%(place)s cannot be read: %(trouble)s.", place=place, trouble=trouble)
