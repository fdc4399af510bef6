"""Saying something together with what it brings along: posted and completed in one transaction, for page and API."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from statusportal.discussion.models import Comment
from statusportal.enclosures.service import enclose
from statusportal.evidence.copying import copied_evidence
from statusportal.evidence.models import Evidence
from statusportal.evidence.service import pin_evidence
from statusportal.evidence.vocabulary import Wish
from statusportal.http import portal
from statusportal.mentions.naming import call_people
from statusportal.reports.reporting import say
from statusportal.work import Work


def evidence_for(entry_id: UUID, wishes: Sequence[Wish]) -> Sequence[Evidence]:
    """Copy what will be pinned, before anything is written.

    Raises: NotFound; Invalid at `/evidence` and `/evidence/N/...`.
    """
    if not wishes:
        return ()
    with portal.reading() as work:
        return copied_evidence(work, entry_id, wishes)


def say_with(
    work: Work,
    entry_id: UUID,
    body: str,
    *,
    attachments: Sequence[UUID] = (),
    evidence: Sequence[Evidence] = (),
    **how: Any,  # noqa: ANN401 - the words of `say`
) -> Comment:
    """Post a comment and hang on it what it brings; `evidence` is what `evidence_for` copied under this entry.

    Raises: as `say`; Invalid with pointers for what cannot be brought, and then nothing is posted.
    """
    comment = say(work, entry_id, body, **how)
    enclose(work, comment, attachments)
    pin_evidence(work, comment, evidence)
    call_people(work, comment)
    return comment
