"""`statusportal claim`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click

from statusportal.catalogue.queries import model_for
from statusportal.claims.service import make_claim_secret, make_claim_secrets
from statusportal.claims.vocabulary import MadeSecret
from statusportal.cli.portal import json_option, tell, writing
from statusportal.cli.spans import span
from statusportal.config import Settings
from statusportal.foundation.ids import parse_id
from statusportal.http.json_provider import rfc3339
from statusportal.labels.drawing import claim_slips
from statusportal.labels.queries import maker_of
from statusportal.labels.vocabulary import Slip
from statusportal.labels.wording import USUAL_LANGUAGE, WORDS, words_in


@click.group()
def claim() -> None:
    """Look after the one-time secrets with which customers take machines."""


@claim.command()
@click.option("--device", help="Id of the machine.")
@click.option("--model", help="Slug or name of the model of many machines.")
@click.option("--serials", type=click.File(), help="Their serial numbers, one a line; - reads standard input.")
@click.option("--expires", default="", help="Such as 30d, 12h or 4w. Default: the setting claim_days.")
@click.option("--slips", type=click.Path(dir_okay=False, path_type=Path), help="Also write them as slips, a PDF.")
@click.option("--language", type=click.Choice(list(WORDS)), default=USUAL_LANGUAGE, help="Language of the slips.")
@json_option
def create(
    device: str | None,
    model: str | None,
    serials: TextIO | None,
    expires: str,
    slips: Path | None,
    language: str,
    as_json: bool,  # noqa: FBT001 - click passes flags so
) -> None:
    """Make claim secrets for machines in stock. They are printed once and kept as digests only."""
    if (device is None) == (model is None) or (model is None) != (serials is None):
        raise click.UsageError("Give either --device ID, or --model MODEL with --serials FILE.")
    with writing() as work:
        ends_at = work.now + span(expires, "--expires") if expires else None
        if device is not None:
            made = [make_claim_secret(work, parse_id(device), ends_at)]
        else:
            lines = [line.strip() for line in serials or () if line.strip()]
            made = make_claim_secrets(work, model_for(work, model or "").id, lines, ends_at)
        maker = maker_of(work)
        place = place_to_claim(work.settings)
    if slips is not None:
        slips.write_bytes(claim_slips([_slip(one, maker) for one in made], place, words_in(language)))
    _tell(made, is_one=device is not None, as_json=as_json)


def place_to_claim(settings: Settings) -> str:
    """Return the page on which a secret is typed."""
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/") + "/claim"


def _tell(made: Sequence[MadeSecret], *, is_one: bool, as_json: bool) -> None:
    facts = [
        {
            "id": str(one.id),
            "device": str(one.device_id),
            "serial": one.serial,
            "secret": one.secret,
            "expires_at": rfc3339(one.expires_at),
        }
        for one in made
    ]
    if is_one:
        tell(facts[0], made[0].secret, as_json=as_json)
    else:
        tell({"items": facts}, "\n".join(f"{one.serial}\t{one.secret}" for one in made), as_json=as_json)


def _slip(one: MadeSecret, maker: str) -> Slip:
    until = one.expires_at.date().isoformat()
    return Slip(secret=one.secret, model=one.model, serial=one.serial, maker=maker, works_until=until)
