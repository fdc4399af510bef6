"""`statusportal demo`: a made-up operator, its customers, their machines, and three months of their past."""

import json
import sys

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import func, select

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Organisation, Person
from statusportal.cli.demo_fleet.content import PeopleFile, PersonTable
from statusportal.cli.demo_fleet.past import Past, Story, read_story
from statusportal.cli.portal import json_option, opened_portal
from statusportal.config import Settings
from statusportal.connections.models import Connection
from statusportal.work import Works

_WARNING = (
    "For trying only: everybody here has the same password, and it is printed above. Never use it for real machines."
)


@click.command()
@click.option(
    "--if-empty", is_flag=True, help="Change nothing when there are people already; a demo's sign-ins are told again."
)
@json_option
def demo(if_empty: bool, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Seed a demo: machines with a past, and people to sign in as. It is for trying only, in an empty store."""
    with opened_portal() as works:
        story = read_story()
        if not has_people(works):
            live_through(works, story, is_shown=not as_json)
        elif not is_demo(works) or not if_empty:
            refuse(is_quiet=if_empty)
            return
        if as_json:
            click.echo(json.dumps(as_document(story.people, works.settings), ensure_ascii=False))
        else:
            print_sign_ins(story.people, works.settings)


def has_people(works: Works) -> bool:
    """Tell whether anybody can be here already."""
    with works.reading(SYSTEM) as work:
        return bool(work.session.scalar(select(func.count()).select_from(Person)))


def is_demo(works: Works) -> bool:
    """Tell whether the store holds the demo, whose sign-ins are then told again.

    Raises: click.ClickException when its seeding was interrupted: half a past is no demo.
    """
    with works.reading(SYSTEM) as work:
        is_begun = work.session.scalar(select(Organisation.id).where(Organisation.slug == "nordvaerk")) is not None
        is_whole = work.session.scalar(select(Connection.id).limit(1)) is not None
    if is_begun and not is_whole:
        raise click.ClickException(
            f"The demo was interrupted while it was seeded. Delete {works.settings.instance_dir} and start again."
        )
    return is_begun


def refuse(*, is_quiet: bool) -> None:
    """Leave a store with people as it is.

    Raises: click.ClickException unless asked quietly.
    """
    if not is_quiet:
        raise click.ClickException(
            "There are people here already. The demo is for an empty store; nothing was changed."
        )


def live_through(works: Works, story: Story, *, is_shown: bool) -> None:
    """Seed everything, with a bar for whoever looks on."""
    past = Past(works, story)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not is_shown or not sys.stderr.isatty()) as progress:
        for beat in progress.track(past.beats, description="Living through 90 days"):
            past.live_until(beat)
    past.finish()


def as_document(people: PeopleFile, settings: Settings) -> dict[str, object]:
    """Give the sign-ins for programs."""
    return {
        "address": address(settings),
        "password": people.password,
        "people": [
            {
                "email": one.email,
                "name": one.name,
                "role": role_of(one),
                "organisation": one.organisation,
                "about": one.about,
            }
            for one in people.people
        ],
    }


def print_sign_ins(people: PeopleFile, settings: Settings) -> None:
    """Print who can sign in, and where."""
    names = {one.slug: one.name for one in people.organisations}
    operator = people.organisations[0].name
    table = Table(title="Sign in as", title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    table.add_column("Address", no_wrap=True)
    table.add_column("Role", no_wrap=True)
    table.add_column("Who")
    for one in people.people:
        table.add_row(one.email, role_of(one), f"{one.name}, {names.get(one.organisation, operator)}")
    console = Console()
    console.print(table)
    console.print(f"Password for all: [bold]{people.password}[/bold]")
    console.print("Begin as mette, whose freezer has failed, and as jonas, who is on his way to it.", highlight=False)
    console.print(f"After `statusportal serve`: [bold]{address(settings)}[/bold]", highlight=False)
    console.print(_WARNING)


def role_of(person: PersonTable) -> str:
    """Say a person's role as the product calls it."""
    return person.staff.value if person.staff else person.role.value


def address(settings: Settings) -> str:
    """Say where the portal answers."""
    return settings.public_url or f"http://{settings.host}:{settings.port}"
