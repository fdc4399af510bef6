"""A folder of tables in: each finished file stored as a whole, then moved to done/, or to refused/ with the reason.

The move comes after the store has committed. A crash between the two brings the file again, and the natural key
makes that harmless; a file is never moved away unstored.
"""

import os
import threading
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from threading import Event
from typing import ClassVar, Final

from watchfiles import watch

from devices.adapters.files.manifest import MANIFEST
from devices.adapters.files.options import FilesOptions
from devices.adapters.files.settling import Settling, Stamp, plain_files, stamp_of
from devices.delivery import deliver, excerpt_of, refusal_of
from devices.errors import ConnectionLost, ConnectionRefused, PayloadMalformed
from devices.formats.protocol import Decoded
from devices.loop import wall_ms
from devices.protocol import Connected, Manifest, PayloadRefused, Report, Sighting, Sink
from devices.reading import Reading
from devices.route import Route
from devices.sentence import Sentence, joined, placed
from devices.system_words import system_words

_DONE: Final = "done"
_REFUSED: Final = "refused"
_SHOWN: Final = 20
_REASONS_KEPT: Final = 1_000


class FilesAdapter:
    """Watch one folder; two adapters on one folder do no harm but work twice."""

    manifest: ClassVar[Manifest] = MANIFEST

    def __init__(self, options: FilesOptions, route: Route, clock: Callable[[], int] = wall_ms) -> None:
        self._options = options
        self._route = route
        self._clock = clock
        self._folder = Path(options.folder)

    def run(self, sink: Sink, stop: Event, report: Report) -> None:
        """Take what is there, then what comes.

        Raises: ConnectionRefused: no such folder, or no right to it. ConnectionLost: it went away.
        """
        self._require_folder()
        for name in (_DONE, _REFUSED):
            self._make(self._folder / name)
        report(Connected(str(self._folder)))
        options = self._options
        settling = Settling(self._folder, options.pattern, options.settle_s, options.unfinished_s)
        bell = threading.Event()
        ringer = threading.Thread(target=self._ring, args=(bell, stop), daemon=True)
        ringer.start()
        while not stop.is_set():
            for path, stamp in tuple(settling.finished()):
                if not self._take(path, stamp, sink, stop, report):
                    settling.forget(path)
            if not self._folder.is_dir():
                raise ConnectionLost(str(self._folder), Sentence("The folder is gone."))
            bell.wait(options.settle_s / 4 if settling.has_waiting() else 1.0)
            bell.clear()
        ringer.join()

    def check(self, wait_s: float) -> Sighting:
        """Read the files that are there and leave them; files still being written are read as they are.

        Raises: ConnectionRefused.
        """
        del wait_s
        self._require_folder()
        notes: list[Sentence] = []
        readings: list[Reading] = []
        for path, stamp in islice(plain_files(self._folder, self._options.pattern), _SHOWN):
            if stamp.size_bytes > self._options.size_maximum_bytes:
                notes.append(placed(path.name, _too_large(stamp)))
                continue
            try:
                decoded = self._decode(path.read_bytes())
            except PayloadMalformed as err:
                notes.append(Sentence("%(file)s would be refused: %(reason)s", file=path.name, reason=err.sentence))
            except OSError as err:
                notes.append(
                    Sentence("%(place)s cannot be read: %(trouble)s.", place=path.name, trouble=system_words(err))
                )
            else:
                notes.append(_counted(path.name, decoded))
                notes.extend(reject.detail for reject in decoded.rejects[:_SHOWN])
                readings.extend(decoded.readings[:_SHOWN])
        if not notes:
            notes.append(Sentence("No file matches %(pattern)s.", pattern=self._options.pattern))
        return Sighting(str(self._folder), tuple(notes), tuple(readings))

    def _require_folder(self) -> None:
        if not self._folder.is_dir():
            raise ConnectionRefused(str(self._folder), Sentence("There is no such folder."))

    def _make(self, folder: Path) -> None:
        try:
            folder.mkdir(exist_ok=True)
        except OSError as err:
            raise ConnectionRefused(
                str(folder), Sentence("The folder cannot be made: %(trouble)s.", trouble=system_words(err))
            ) from err

    def _ring(self, bell: Event, stop: Event) -> None:
        """Wake the reader when the folder changes; where the system cannot tell, the reader looks by itself."""
        try:
            for _ in watch(self._folder, stop_event=stop, recursive=False, rust_timeout=500, yield_on_timeout=True):
                bell.set()
        except (OSError, RuntimeError):
            return

    def _decode(self, body: bytes) -> Decoded:
        return self._route.decode(body, topic=None, arrived_ms=self._clock())

    def _decode_something(self, body: bytes) -> Decoded:
        decoded = self._decode(body)
        if not decoded.readings:
            raise PayloadMalformed(_nothing_in(decoded))
        return decoded

    def _take(self, path: Path, stamp: Stamp, sink: Sink, stop: Event, report: Report) -> bool:
        """Store one file and move it; False when it must be looked at again."""
        if stamp.size_bytes > self._options.size_maximum_bytes:
            self._refuse(path, _too_large(stamp), b"", report)
            return True
        body = b""
        try:
            body = path.read_bytes()
            decoded = self._decode_something(body)
        except PayloadMalformed as err:
            self._refuse(path, err.sentence, body, report)
            return True
        except OSError as err:
            report(
                PayloadRefused(
                    Sentence("The file cannot be read: %(trouble)s.", trouble=system_words(err)), "", path.name
                )
            )
            return False
        most = self._options.batch_maximum
        for begin in range(0, len(decoded.readings), most):
            if deliver(sink, decoded.readings[begin : begin + most], stop, report) is None:
                return False
        if stamp_of(path) != stamp:
            return False  # written to while we read: what is stored is stored, the rest comes with the next look
        if refusal := refusal_of(decoded, body, path.name):
            report(refusal)
        _write_reasons(_move(path, self._folder / _DONE), decoded)
        return True

    def _refuse(self, path: Path, reason: Sentence, body: bytes, report: Report) -> None:
        moved = _move(path, self._folder / _REFUSED)
        moved.with_name(f"{moved.name}.reason.txt").write_text(f"{reason}\n", encoding="utf-8")
        report(PayloadRefused(placed(path.name, reason), excerpt_of(body), path.name))


def _too_large(stamp: Stamp) -> Sentence:
    return Sentence("The file is too large: %(size)s bytes.", size=stamp.size_bytes)


def _counted(name: str, decoded: Decoded) -> Sentence:
    return Sentence(
        "%(file)s: %(good)s samples, %(bad)s rejected.",
        file=name,
        good=len(decoded.readings),
        bad=len(decoded.rejects),
    )


def _nothing_in(decoded: Decoded) -> Sentence:
    if not decoded.rejects:
        return Sentence("The file holds no sample that could be taken.")
    reasons = joined(reject.detail for reject in decoded.rejects[:_SHOWN])
    return Sentence("The file holds no sample that could be taken. %(reasons)s", reasons=reasons)


def _move(path: Path, folder: Path) -> Path:
    """Move a file aside under a name that is free, and make the move durable."""
    target = folder / path.name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    try:
        path.rename(target)
        for place in (folder, path.parent):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    except OSError as err:
        trouble = Sentence(
            "The file cannot be moved to %(folder)s: %(trouble)s.", folder=f"{folder.name}/", trouble=system_words(err)
        )
        raise ConnectionLost(str(path), trouble) from err
    return target


def _write_reasons(moved: Path, decoded: Decoded) -> None:
    """Leave beside a taken file why some of its samples were not."""
    if not decoded.rejects:
        return
    lines: list[str] = [reject.detail for reject in decoded.rejects[:_REASONS_KEPT]]
    if len(decoded.rejects) > _REASONS_KEPT:
        lines.append(f"and {len(decoded.rejects) - _REASONS_KEPT} more")
    moved.with_name(f"{moved.name}.rejected.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
