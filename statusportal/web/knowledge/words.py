"""What pages of knowledge share: counts, firmware ranges, and words as HTML."""

from flask_babel import gettext as _
from markupsafe import Markup

from statusportal.http.views.articles import Fixed
from statusportal.knowledge.models import ArticleVersion
from statusportal.knowledge.vocabulary import Tally
from statusportal.prose.markdown import render_markdown


def fixed_view(tally: Tally) -> Fixed:
    """Return a count with its denominator."""
    return Fixed(tally.worked, tally.tried, tally.confirmed, tally.watched)


def firmware_words(version: ArticleVersion) -> str:
    """Say which firmware an article is about."""
    if not version.firmware_from and not version.firmware_to:
        return str(_("every firmware"))
    if version.firmware_from == version.firmware_to:
        return str(_("firmware %(one)s", one=version.firmware_from))
    if not version.firmware_to:
        return str(_("firmware %(one)s and later", one=version.firmware_from))
    if not version.firmware_from:
        return str(_("firmware up to %(one)s", one=version.firmware_to))
    return str(_("firmware %(one)s to %(other)s", one=version.firmware_from, other=version.firmware_to))


def prose(text: str) -> Markup:
    """Return Markdown as HTML that is safe to show."""
    return Markup(render_markdown(text))  # noqa: S704 - just sanitised
