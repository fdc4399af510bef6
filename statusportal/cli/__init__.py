"""The commands. A file here that holds a command of its own name is found by that name; nothing else lists it."""

import importlib
import pkgutil
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from statusportal.config import SettingWrong
from statusportal.foundation.errors import Invalid, NotFound, PortalError
from statusportal.migrations.upgrade import DatabaseNewer


class Commands(click.Group):
    """Find commands by file, so that one command never loads what another needs, and say errors as sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands that the files hold."""
        names = sorted(module.name for module in pkgutil.iter_modules(__path__))
        return [name for name in names if self.get_command(ctx, name) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load the file of one command."""
        if cmd_name not in {module.name for module in pkgutil.iter_modules(__path__)}:
            return None
        found = getattr(importlib.import_module(f"{__name__}.{cmd_name}"), cmd_name, None)
        return found if isinstance(found, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run a command; what the portal refuses ends with status 1 and a sentence on standard error."""
        try:
            return super().invoke(ctx)
        except Invalid as err:
            fields = "\n".join(f"  {one.pointer.strip('/')}: {one.detail}" for one in err.errors)
            raise click.ClickException(f"This cannot be taken:\n{fields}") from err
        except NotFound as err:
            raise click.ClickException(err.detail or "There is no such thing.") from err
        except PortalError as err:
            raise click.ClickException(err.detail) from err
        except (SettingWrong, DatabaseNewer) as err:
            raise click.ClickException(str(err)) from err
        except OperationalError as err:
            raise click.ClickException(f"The database does not answer: {err.orig}") from err


@click.group(cls=Commands)
@click.version_option(package_name="statusportal")
def main() -> None:
    """Run and look after Status Portal."""
