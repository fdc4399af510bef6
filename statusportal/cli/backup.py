"""`statusportal backup`."""

from pathlib import Path

import click
from rich.console import Console

from statusportal.backup.taking import take_backup
from statusportal.cli.portal import json_option, opened_portal, tell


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@json_option
def backup(folder: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Copy everything into an empty FOLDER, complete and consistent, while the portal serves.

    It holds the portal's secrets: keep it as carefully as the portal itself.
    """
    console = Console(stderr=True)
    with opened_portal() as works, console.status("backup") as status:
        manifest = take_backup(works.settings, works.clock, folder, status.update)
    size_bytes = sum(file.size_bytes for file in manifest.files)
    value = {"folder": str(folder), "files": len(manifest.files), "bytes": size_bytes, "began_at": manifest.began_at}
    tell(value, f"{len(manifest.files)} files, {size_bytes} bytes, as of {manifest.began_at}.", as_json=as_json)
