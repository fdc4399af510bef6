"""The takeout job: one part a round, so that a stop waits for no more than that, and a kill loses no more."""

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from statusportal.access.actor import SYSTEM, Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.fleet.reach import with_grants
from statusportal.foundation.errors import NotSignedIn, PortalError
from statusportal.identity.actors import actor_of_person
from statusportal.takeout.gathering import Part, parts_of_organisation, parts_of_person
from statusportal.takeout.gathering_files import FilePart
from statusportal.takeout.making import expire_takeouts, note_begun, note_made, note_part_made, note_trouble
from statusportal.takeout.models import Takeout
from statusportal.takeout.packing import (
    Packed,
    archive_path,
    folder_of,
    pack,
    remove_unwanted,
    write_part,
)
from statusportal.takeout.queries import kept_keys, next_to_make
from statusportal.work import Works

log = structlog.get_logger()

PAUSE_S = 2.0
_ROUND_S = 1.0


def takeout_round(works: Works) -> float:
    """Make the next part of the oldest takeout, or clear away; return how long to wait."""
    with works.reading(SYSTEM) as work:
        row = next_to_make(work)
    if row is None:
        _clear_away(works)
        return PAUSE_S
    try:
        _make_further(works, row)
    except (PortalError, OSError) as err:
        log.warning("takeout in trouble", takeout_id=str(row.id), error=str(err)[:300])
        with works.writing(SYSTEM) as work:
            note_trouble(work, row.id, str(err))
        return PAUSE_S
    return 0.0


def _make_further(works: Works, row: Takeout) -> None:
    """Make parts for about a second, and the whole once all are there."""
    actor = _asker(works, row)
    parts = _parts(works, actor, row.organisation_id)
    scratch = folder_of(works.settings) / row.storage_key
    done = row.parts_done
    if row.parts_whole != len(parts):
        # The first round, or something came or went since: what was made under another number is made again.
        shutil.rmtree(scratch, ignore_errors=True)
        done = 0
        with works.writing(SYSTEM) as work:
            note_begun(work, row.id, len(parts))
    ends_at = time.monotonic() + _ROUND_S
    while done < len(parts) and time.monotonic() < ends_at:
        write_part(parts[done], done, scratch)
        done += 1
        with works.writing(SYSTEM) as work:
            if not note_part_made(work, row.id, done):
                return
    if done == len(parts):
        _finish(works, row, [write_part(part, number, scratch) for number, part in enumerate(parts)], scratch)


def _finish(works: Works, row: Takeout, packed: list[Packed], scratch: Path) -> None:
    target = archive_path(works.settings, row.storage_key)
    digest = pack(packed, _head(row), works.clock.now(), scratch, target)
    with works.writing(SYSTEM) as work:
        note_made(work, row.id, target.stat().st_size, digest)


def _asker(works: Works, row: Takeout) -> Actor:
    """Return who asked, as they are now.

    Raises: NotSignedIn for who may not be here any more, Forbidden for who lost the right.
    """
    with works.reading(SYSTEM) as work:
        actor = actor_of_person(work, row.person_id)
        if actor is None:
            raise NotSignedIn("Who asked for this may not sign in any more.")
        if row.organisation_id is not None:
            require(actor, Permission.ORGANISATION_EXPORT, row.organisation_id)
        return with_grants(work, actor)


def _parts(works: Works, actor: Actor, organisation_id: UUID | None) -> list[Part | FilePart]:
    if organisation_id is None:
        return parts_of_person(works, actor)
    return parts_of_organisation(works, actor, organisation_id)


def _head(row: Takeout) -> Mapping[str, Any]:
    return {
        "of": "organisation" if row.organisation_id else "person",
        "organisation_id": str(row.organisation_id) if row.organisation_id else None,
        "asker_id": str(row.person_id),
        "asked_at": row.asked_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _clear_away(works: Works) -> None:
    with works.writing(SYSTEM) as work:
        expire_takeouts(work)
        kept = kept_keys(work)
    remove_unwanted(folder_of(works.settings), kept, works.clock.now())
