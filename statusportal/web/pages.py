"""The list of the pages' blueprints, and what every template may use."""

from flask import Blueprint, Flask

PAGES: list[Blueprint] = []


def attach_pages(app: Flask) -> None:
    """Register the pages."""
    for one in PAGES:
        app.register_blueprint(one)
