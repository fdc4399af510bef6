"""Packing a takeout: parts written one by one, then one ZIP with a manifest; what a kill left is gone on with.

A part counts as made once its note lies beside it, and the note is written after the part is on the disk.
"""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from statusportal.config import Settings
from statusportal.export.formats.parquet import write_parquet
from statusportal.export.formats.text import csv_lines, json_lines
from statusportal.export.vocabulary import Row
from statusportal.export.vocabulary import Table as Rows
from statusportal.foundation.clock import instant_text
from statusportal.takeout.gathering import Part
from statusportal.takeout.gathering_files import FilePart

SCHEMA_VERSION = 1
FOLDER = "exports"
# What a stream writes first begins with this, and is gone when it ends.
SCRATCH = "scratch-"
_STREAMS_END_WITHIN = timedelta(days=1)
_BLOCK_BYTES = 1 << 20

README = """\
Status Portal: your data
========================
manifest.json lists every file here with its number of rows, its size and its SHA-256, so that you can prove that
nothing is missing and nothing was changed. Files ending in .jsonl hold one JSON object a line; .csv and .parquet hold
samples; the folder files holds what was sent along with words. Times are UTC. Secrets (passwords, tokens) are in none
of them: they are kept as digests and cannot be told.

Status Portal: dine data
========================
manifest.json nævner hver fil med antal rækker, størrelse og SHA-256, så du kan bevise, at intet mangler, og at intet
er ændret. Filer, der ender på .jsonl, har et JSON-objekt pr. linje; .csv og .parquet har måleværdier; i mappen files
ligger det, der er sendt sammen med ord. Tider er i UTC. Hemmeligheder (adgangskoder, nøgler) er ikke med: de gemmes
kun som fingeraftryk og kan ikke fortælles.
"""


def folder_of(settings: Settings) -> Path:
    """Return the folder of exports in the data folder, made at the first call."""
    folder = Path(settings.instance_dir) / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def archive_path(settings: Settings, storage_key: str) -> Path:
    """Return where the file of a takeout lies."""
    return folder_of(settings) / f"{storage_key}.zip"


def remove_unwanted(folder: Path, kept: Collection[str], now: datetime) -> None:
    """Remove every file that no takeout wants, and what a stream left that was killed a day ago or more."""
    for path in folder.iterdir():
        if path.name.partition(".")[0] in kept:
            continue
        if path.name.startswith(SCRATCH) and path.stat().st_mtime > (now - _STREAMS_END_WITHIN).timestamp():
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


class Packed(msgspec.Struct, frozen=True):
    """What the manifest says of one file."""

    name: str
    rows: int
    size_bytes: int
    sha256: str


def write_part(part: Part | FilePart, number: int, folder: Path) -> Packed:
    """Write one part unless it is there already, and return what the manifest says of it; a file has no rows."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, note = folder / f"{number}.part", folder / f"{number}.note"
    if note.exists():
        return msgspec.json.decode(note.read_bytes(), type=Packed)
    row_count = _copy(part, path) if isinstance(part, FilePart) else _write_rows(part, path)
    _sync(path)
    packed = Packed(part.name, row_count, path.stat().st_size, sha256_of(path))
    unfinished = note.with_suffix(".unfinished")
    _write(unfinished, [msgspec.json.encode(packed)])
    _sync(unfinished)
    unfinished.rename(note)
    return packed


def _write_rows(part: Part, path: Path) -> int:
    counted = _Counted(part.rows.rows)
    rows = Rows(part.rows.name, part.rows.columns, counted)
    if part.form == "parquet":
        write_parquet(rows.rows, path)
    else:
        _write(path, csv_lines(rows) if part.form == "csv" else json_lines(rows))
    return counted.count


def _copy(part: FilePart, path: Path) -> int:
    _write(path, _blocks(part.source))
    return 0


def pack(parts: Sequence[Packed], head: Mapping[str, Any], made_at: datetime, folder: Path, target: Path) -> str:
    """Put the parts into one ZIP with manifest and README, remove them, and return the ZIP's SHA-256."""
    unfinished = target.with_suffix(".unfinished")
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "made_at": instant_text(made_at),
        **head,
        "files": [msgspec.to_builtins(one) for one in parts],
    }
    stamp = made_at.timetuple()[:6]
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        _add(archive, "README.txt", stamp, [README.encode()])
        _add(archive, "manifest.json", stamp, [msgspec.json.format(msgspec.json.encode(manifest))])
        for number, one in enumerate(parts):
            _add(archive, one.name, stamp, _blocks(folder / f"{number}.part"))
    unfinished.chmod(0o600)
    _sync(unfinished)
    unfinished.rename(target)
    shutil.rmtree(folder)
    return sha256_of(target)


def sha256_of(path: Path) -> str:
    """Return the fingerprint of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Counted:
    """Count the rows that pass."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _add(archive: zipfile.ZipFile, name: str, stamp: Any, blocks: Iterable[bytes]) -> None:  # noqa: ANN401 - six numbers
    info = zipfile.ZipInfo(name, stamp)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as file:
        for block in blocks:
            file.write(block)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            yield block


def _write(path: Path, blocks: Iterable[bytes]) -> None:
    with open(path, "wb", opener=_private) as file:
        file.writelines(blocks)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
