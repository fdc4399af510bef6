"""What alpha shared with the owners of its model: the rows are written by hand, whatever its words tell."""

from typing import TYPE_CHECKING
from uuid import UUID

from statusportal.access.actor import SYSTEM
from statusportal.community.models import Publication, PublicationConsent, PublicationLine, PublicationVoice
from statusportal.entries.models import StatusEntry

if TYPE_CHECKING:
    from tests.matrix.world import World


def publish(world: "World") -> None:
    """Put a shared entry of alpha's into the community, with an answer by the author."""
    now, owner = world.works.clock.now(), world.organisations["owner"].id
    author, entry_id = world.people["customer/author"].id, UUID(world.things["entry_id"])
    with world.works.writing(SYSTEM) as work:
        words = {"title": "Why?", "body_markdown": "", "body_html": "", "alias": "Heron", "line_count": 1}
        times = {"began_at": now, "shared_at": now, "last_word_at": now}
        model_id = UUID(world.things["model_id"])
        row = Publication(model_id=model_id, state="standing", kind="question", **words, **times)
        work.session.add(row)
        work.session.flush()
        said = {"position": 1000, "is_reply": True, "state": "visible", "alias": "Heron", "said_at": now}
        line = PublicationLine(publication_id=row.id, body_markdown="Mine", body_html="Mine", **said)
        work.session.add(line)
        work.session.flush()
        named = {"organisation_id": owner, "publication_id": row.id}
        work.session.add(PublicationVoice(**named, line_id=line.id, person_id=author, alias="Heron"))
        given = {"entry_id": entry_id, "version": 1, "given_by": author, "given_at": now}
        work.session.add(PublicationConsent(**named, **given))
        work.session.get_one(StatusEntry, (owner, entry_id)).publication_id = row.id
    world.things |= {"publication_id": str(row.id), "reply_id": str(line.id), "model_slug": "oven"}
