"""View models of changing what was written."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from statusportal.http.views.entries import AudienceChoice, Author
from statusportal.http.views.shell import Form


@dataclass(frozen=True, slots=True)
class Clash:
    """Fragment `_conflict.html`: what stands since somebody else was quicker, beside what was typed here."""

    at: datetime
    theirs: Markup
    yours: Markup
    by: str = ""


@dataclass(frozen=True, slots=True)
class EditPage:
    """Template `edit.html`: change an entry (title, body, audience) or a comment (body). Posts to `action`."""

    action: str
    back_href: str
    heading: str
    form: Form
    has_title: bool = False
    audiences: tuple[AudienceChoice, ...] = ()
    delete_action: str = ""
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One wording of a comment. The newest stands first."""

    at: datetime
    author: str
    body: Markup
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class CommentHistoryPage:
    """Template `comment_history.html`: every wording of a comment that a reader may still see."""

    entry_title: str
    back_href: str
    author: Author
    editions: tuple[Edition, ...]
