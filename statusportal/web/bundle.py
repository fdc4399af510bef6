"""Find the hashed file behind a plain asset name."""

import json
import re
from functools import cache
from pathlib import Path

from flask import url_for
from markupsafe import Markup

BUILD = Path(__file__).parent / "static" / "build"
ICONS = Path(__file__).parent / "assets" / "icons.svg"


class AssetsNotBuilt(RuntimeError):
    """The front end was never built here."""


@cache
def _manifest() -> dict[str, str]:
    try:
        names: dict[str, str] = json.loads((BUILD / "manifest.json").read_text())
    except FileNotFoundError as err:
        message = "the front end is not built: run `make install`"
        raise AssetsNotBuilt(message) from err
    return names


def asset_file(name: str) -> str:
    """Return the content-hashed file name, such as `app-3F2A.js` for `app.js`.

    Raises:
        AssetsNotBuilt: there is no manifest yet.
        KeyError: the build makes no such file.
    """
    return _manifest()[name]


def asset_url(name: str) -> str:
    """Return the address of a built file. It changes with the content, so it may be cached for ever."""
    return url_for("static", filename=f"build/{asset_file(name)}")


@cache
def sprite() -> Markup:
    """Return the icons and health marks as one hidden drawing, placed once at the top of each body.

    They stand in the page, because shapes used from another file do not take the page's colours.
    """
    drawing = re.sub(r"<!--.*?-->|\n", "", ICONS.read_text(encoding="utf-8"), flags=re.DOTALL)
    opened = drawing.replace("<svg ", '<svg class="sprite" aria-hidden="true" ', 1)
    return Markup(opened)  # noqa: S704 our own file
