"""Words of backups."""

from collections.abc import Callable, Sequence

import msgspec

Tell = Callable[[str], None]

MANIFEST = "manifest.json"
SCHEMA_VERSION = 1


class BackupFile(msgspec.Struct, frozen=True):
    """One file of a backup, by its path below the backup's folder."""

    path: str
    size_bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds."""

    schema_version: int
    began_at: str
    database: str
    files: Sequence[BackupFile]
