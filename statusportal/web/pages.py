"""The list of the pages' blueprints. A new family of pages is added here."""

from flask import Blueprint, Flask

from statusportal.web import shell
from statusportal.web.preferences import preferences
from statusportal.web.profile import profile_pages
from statusportal.web.session import session

PAGES: tuple[Blueprint, ...] = (session, preferences, profile_pages)


def attach_pages(app: Flask) -> None:
    """Register the pages and what stands around them."""
    shell.init_app(app)
    for one in PAGES:
        app.register_blueprint(one)
