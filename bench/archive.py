"""A synthetic archive: organisations, machines, entries, and under them as many comments as wanted, as search has them.

Words are drawn by Zipf's law, as people's are. Half a percent of the texts are written in full and drawn again and
again: the index holds as many postings as if each were new, and is built in minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import insert, text

from statusportal.access.actor import SYSTEM, Actor
from statusportal.access.vocabulary import ActorKind, MemberRole, StaffRole
from statusportal.accounts.models import Organisation
from statusportal.catalogue.models import DeviceModel
from statusportal.db.engine import open_engine
from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import Device, Ownership
from statusportal.foundation.ids import new_id
from statusportal.lexicon.stems import stemmed
from statusportal.lexicon.tags import number_of, tags_of
from statusportal.search.matching import write_index_anew
from statusportal.search.models import SearchDocument
from statusportal.work import Work, Works

BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
ORGANISATIONS, MACHINES, ENTRIES = 200, 1_000, 20_000
_VOCABULARY, _WORDS, _TEXTS = 30_000, 36, 5_000
_SYLLABLES = [a + b for a in "bdfgklmnprstv" for b in ("a", "e", "i", "o", "u", "er", "en", "il")]
_AT_ONCE = 20_000
_AUDIENCES = ("organisation", "shared", "internal")


@dataclass(frozen=True)
class Archive:
    """Who asks, and words of each frequency."""

    customer: Actor
    staff: Actor
    words: tuple[str, ...]


def build_archive(works: Works, documents: int) -> Archive:
    """Fill an empty portal; the same archive each time."""
    chance = np.random.default_rng(1)
    words = _vocabulary(chance)
    with works.writing(SYSTEM) as work:
        entries = _frame(work)
        for page in _pages(_documents(chance, words, entries, documents)):
            work.session.execute(insert(SearchDocument), page)
        write_index_anew(work)
    owner = open_engine(works.settings.database_owner_url or works.settings.database_url)
    with owner.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    owner.dispose()
    home = entries[0]["organisation_id"]
    customer = Actor(kind=ActorKind.PERSON, person_id=new_id(), memberships={home: MemberRole.CUSTOMER_ADMIN})
    staff = Actor(kind=ActorKind.PERSON, person_id=new_id(), staff_role=StaffRole.SUPPORT)
    return Archive(customer, staff, tuple(words))


def _vocabulary(chance: np.random.Generator) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < _VOCABULARY:
        found["".join(chance.choice(_SYLLABLES, size=int(chance.integers(2, 5))))] = None
    return list(found)


def _frame(work: Work) -> list[dict[str, Any]]:
    """Make what comments stand under: organisations, machines of one model, and entries."""
    organisations = [new_id() for _ in range(ORGANISATIONS)]
    words = {"kind": "customer", "time_zone": "UTC", "created_at": BEGUN}
    rows = [{"id": one, "slug": f"o-{n}", "name": f"Organisation {n}", **words} for n, one in enumerate(organisations)]
    work.session.execute(insert(Organisation), rows)
    model = DeviceModel(slug="oven", name="Oven", created_at=BEGUN, expected_interval_s=60)
    work.session.add(model)
    work.session.flush()
    machines = [new_id() for _ in range(MACHINES)]
    devices = [
        {"id": one, "model_id": model.id, "serial": f"OV-{n}", "name": f"Oven {n}", "label": f"l-{n}", "site": ""}
        for n, one in enumerate(machines)
    ]
    work.session.execute(insert(Device), [{**one, "firmware": "", "created_at": BEGUN} for one in devices])
    owned = [
        {"organisation_id": organisations[n % ORGANISATIONS], "device_id": one, "id": new_id(), "from_at": BEGUN}
        for n, one in enumerate(machines)
    ]
    work.session.execute(insert(Ownership), owned)
    entries = [_entry(owned[n % MACHINES], n) for n in range(ENTRIES)]
    work.session.execute(insert(StatusEntry), entries)
    return entries


def _entry(owned: dict[str, Any], number: int) -> dict[str, Any]:
    opened_at = BEGUN + timedelta(minutes=number)
    return {
        "organisation_id": owned["organisation_id"],
        "id": new_id(),
        "device_id": owned["device_id"],
        "ownership_id": owned["id"],
        "kind": "question",
        "code": f"E-{number % 40}",
        "title": f"Question {number}",
        "lifecycle": "resolved" if number % 3 else "open",
        "audience": "organisation",
        "opened_at": opened_at,
        "created_at": opened_at,
    }


def _documents(
    chance: np.random.Generator, words: list[str], entries: list[dict[str, Any]], documents: int
) -> Iterator[dict[str, Any]]:
    spelled = np.array(words)
    drawn = (chance.zipf(1.15, size=(_TEXTS * 4, _WORDS)) - 1) % _VOCABULARY
    texts = [" ".join(spelled[row]) for row in drawn]
    stems = [stemmed(one.split()) for one in texts]
    order = chance.integers(0, len(texts), size=documents)
    for number in range(documents):
        entry = entries[number % len(entries)]
        place, identity = int(order[number]), UUID(int=number + 1)
        said_at = BEGUN + timedelta(days=30, seconds=40 * number)
        audience = _AUDIENCES[number % 10 - 7 if number % 10 > 7 else 0]
        yield {
            "organisation_id": entry["organisation_id"],
            "entry_id": entry["id"],
            "id": identity,
            "number": number_of(said_at, identity),
            "kind": "comment",
            "audience": audience,
            "title": "",
            "body": texts[place],
            "title_words": "",
            "body_words": texts[place],
            "key_words": f"ov {entry['code'].replace('-', ' ').lower()} oven",
            "stem_words": stems[place],
            "tag_words": tags_of(entry["organisation_id"], entry["device_id"], audience, (entry["code"],)),
            "said_at": said_at,
        }


def _pages(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    page: list[dict[str, Any]] = []
    for row in rows:
        page.append(row)
        if len(page) == _AT_ONCE:
            yield page
            page = []
    if page:
        yield page
