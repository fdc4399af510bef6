"""From a connection file to what the room of connections takes; every error names its key."""

import os
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import click

from devices.connection import load_connection, with_secrets
from devices.errors import SettingInvalid
from devices.registry import manifest_of
from statusportal.accounts.models import Organisation
from statusportal.accounts.queries import organisation_by_slug
from statusportal.catalogue.queries import find_model
from statusportal.connections.vocabulary import ConnectionDraft
from statusportal.foundation.errors import Invalid
from statusportal.work import Work


class Filed(NamedTuple):
    """What a file asks for."""

    organisation: Organisation
    draft: ConnectionDraft


def read_filed(work: Work, path: Path) -> Filed:
    """Read a connection file, with its secrets from where it says they are.

    Raises: click.ClickException for a file that cannot be used; NotFound for an unknown organisation; Invalid.
    """
    try:
        filed = load_connection(path)
        options = with_secrets(manifest_of(filed.adapter).options, filed.options, os.environ)
    except SettingInvalid as err:
        raise click.ClickException(f"{path}: {err}") from err
    if filed.portal is not None:
        raise Invalid.field("/portal", "is for gateways; a connection of the portal forwards nowhere")
    if not filed.organisation:
        raise Invalid.field("/organisation", "is missing: the slug of the organisation whose machines these are")
    mapping = dict(filed.map)
    is_creating, model = mapping.pop("create_devices", False), mapping.pop("model", "")
    if not isinstance(is_creating, bool):
        raise Invalid.field("/map/create_devices", "must be true or false")
    draft = ConnectionDraft(
        name=filed.name,
        adapter=filed.adapter,
        options=options,
        mapping=mapping,
        format_options=filed.format,
        is_creating_devices=is_creating,
        model_id=_model_id(work, model),
    )
    return Filed(organisation_by_slug(work, filed.organisation), draft)


def _model_id(work: Work, name: object) -> UUID | None:
    if name == "":
        return None
    found = find_model(work, name) if isinstance(name, str) else None
    if found is None:
        raise Invalid.field("/map/model", f"There is no device model {name!r}.")
    return found.id
