"""`statusportal device`."""

import json
import re
import unicodedata

import click

from statusportal.accounts.queries import organisation_by_slug
from statusportal.catalogue.modelling import ModelWords, create_model
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.queries import find_model
from statusportal.cli.portal import json_option, writing
from statusportal.fleet.service import create_device
from statusportal.foundation.errors import Invalid
from statusportal.work import Work


@click.group()
def device() -> None:
    """Look after devices."""


@device.command()
@click.option("--organisation", required=True, help="Slug of the organisation that has the device.")
@click.option("--model", required=True, help="Slug or name of its model; an unknown one is created, empty and open.")
@click.option("--serial", required=True, help="Serial number, unique within the model.")
@click.option("--name", default="", help="What its page is called. Default: model and serial number.")
@click.option("--site", default="", help="Where it stands.")
@json_option
def create(organisation: str, model: str, serial: str, name: str, site: str, as_json: bool) -> None:  # noqa: FBT001, ARG001 - click passes flags so; the answer is JSON in any case; one argument an option
    """Create a device and print it as one JSON object."""
    with writing() as work:
        owner = organisation_by_slug(work, organisation)
        row = create_device(work, owner.id, _known_or_new_model(work, model).id, serial, name, site)
    fields = {"id": str(row.id), "serial": row.serial, "name": row.name, "model": row.model.slug, "label": row.label}
    click.echo(json.dumps(fields, ensure_ascii=False))


def _known_or_new_model(work: Work, name: str) -> DeviceModel:
    return find_model(work, name) or create_model(work, slug_of(name), ModelWords(name=name))


def slug_of(name: str) -> str:
    """Make a slug from a name: `Kältemaschine X 2` becomes `kaltemaschine-x-2`.

    Raises: Invalid when no letter or digit is left.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:80].strip("-")
    if not slug:
        raise Invalid.field("/model", "needs a letter or a digit in its name")
    return slug
