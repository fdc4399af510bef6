"""The portal's lines about answers, in the thread where people read them."""

from collections.abc import Mapping
from typing import Any

from statusportal.discussion.service import add_comment
from statusportal.discussion.vocabulary import CommentKind
from statusportal.entries.models import StatusEntry
from statusportal.work import Work


def say(work: Work, entry: StatusEntry, reason: Mapping[str, Any], audience: str) -> None:
    """Put a line into the thread for whom the answer is. The caller holds the entry's lock."""
    added = add_comment(work, entry, None, reason["en"], kind=CommentKind.SYSTEM, audience=audience)
    added.reason = dict(reason)
    work.session.flush()
