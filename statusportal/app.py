"""The factory: from settings to an app that refuses to start with a route nobody declared a policy for."""

from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from statusportal.api.blueprints import API_BLUEPRINTS
from statusportal.api.operations import operations
from statusportal.api.root import attach_api
from statusportal.config import Settings
from statusportal.db.engine import open_engine
from statusportal.foundation.clock import SystemClock
from statusportal.http import door, errors, headers, identity, retries, seeing, sights
from statusportal.http.json_provider import MsgspecProvider
from statusportal.http.policies import refuse_undeclared
from statusportal.http.portal import EXTENSION
from statusportal.ingest.native import native
from statusportal.live.attach import attach_live
from statusportal.web.pages import attach_pages
from statusportal.wiring import wiring
from statusportal.work import Works

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def make_works(settings: Settings) -> Works:
    """Open the database with the production clock and wiring."""
    return Works(open_engine(settings.database_url), SystemClock(), wiring(), settings)


def create_app(settings: Settings, works: Works | None = None) -> Flask:
    """Make the app.

    Raises: PolicyMissing when a route or socket event declares none.
    """
    app = _Portal(
        "statusportal", static_folder="web/static", static_url_path="/static", template_folder="web/templates"
    )
    works = works or make_works(settings)
    app.extensions[EXTENSION] = works
    _configure(app, settings)
    door.init_app(app)
    identity.init_app(app)
    headers.init_app(app)
    retries.init_app(app)
    sights.init_app(app)
    seeing.init_app(app)
    errors.init_app(app)
    app.register_blueprint(operations)
    attach_api(app, [*API_BLUEPRINTS, native])
    attach_pages(app)
    attach_live(app, works)
    refuse_undeclared(app)
    return app


class _Portal(Flask):
    """Flask whose links for elsewhere begin with the configured address, whatever host a request named."""

    def url_for(self, endpoint: str, *, _external: bool | None = None, **values: Any) -> str:  # noqa: ANN401 - passed on as they come
        """Write an address; a full one from `public_url` where that is set."""
        public_url = cast("Works", self.extensions[EXTENSION]).settings.public_url
        if not _external or not public_url:
            return super().url_for(endpoint, _external=_external, **values)
        return public_url.rstrip("/") + super().url_for(endpoint, _external=False, **values)


def _configure(app: Flask, settings: Settings) -> None:
    app.secret_key = settings.secret_key
    app.json = MsgspecProvider(app)
    app.config.update(
        MAX_CONTENT_LENGTH=settings.attachment_bytes or None,
        MAX_FORM_MEMORY_SIZE=settings.attachment_bytes or None,
        SESSION_COOKIE_NAME="__Host-portal_form" if settings.secure_cookies else "portal_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_SAMESITE="Lax",
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        TEMPLATES_AUTO_RELOAD=False,
    )
    is_alone = settings.host in _LOOPBACK and not settings.trusted_proxies
    if settings.public_url or is_alone:
        # Machines inside may call the server by its own address; no other name is answered.
        named = [urlsplit(settings.public_url).hostname] if settings.public_url else []
        app.config["TRUSTED_HOSTS"] = [*named, *_LOOPBACK, settings.host]
    app.jinja_env.autoescape = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # the documented way
