"""News that were told by letter."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from statusportal.accounts.models import Person
from statusportal.foundation.ids import secret_digest
from statusportal.news.models import Notification


def letter_of_news(things: Mapping[str, str], person: Person, secret: str, at: datetime) -> Notification:
    """Return the news of an entry, as they stand once a letter with a secret told them."""
    return Notification(
        organisation_id=UUID(things["organisation_id"]),
        entry_id=UUID(things["entry_id"]),
        person_id=person.id,
        kind="entry",
        because="owned",
        subject_id=UUID(things["entry_id"]),
        at=at,
        mailed_at=at,
        stop_digest=secret_digest(secret),
    )
