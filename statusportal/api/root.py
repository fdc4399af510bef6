"""The API's trunk: the OpenAPI document, its reader, and the list of blueprints."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, Request, Response, current_app, render_template
from flask_smorest import Api, Blueprint
from marshmallow import RAISE
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from statusportal.api.document import completed
from statusportal.http.policies import public

BASE = "/api/v1"
NAME = "Status Portal"


class PortalApi(Api):  # type: ignore[misc]  # flask-smorest publishes no types
    """flask-smorest without its error handler: the house has one table for errors (http/errors.py).

    The document is drawn when it is first asked for; to draw it at the start would double the start's time.
    """

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._undrawn: list[Callable[[], None]] = []
        self._drawing = threading.Lock()

    def draw_later(self, part: Callable[[], None]) -> None:
        """Remember a part of the document."""
        self._undrawn.append(part)

    def document(self) -> dict[str, Any]:
        """Return the whole document, in the order in which its parts were given."""
        with self._drawing:
            while self._undrawn:
                self._undrawn.pop(0)()
        document: dict[str, Any] = self.spec.to_dict()
        return document

    def _register_error_handlers(self) -> None:
        """Leave errors to the house's table."""


class StrictParser(FlaskParser):
    """Read bodies with the app's own JSON: webargs' would fall over 100,000 opening brackets.

    Unknown names are refused in addresses too: a filter with a typing error must not answer with everything.
    """

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"json": RAISE, "query": RAISE}  # noqa: RUF012 - as webargs has it

    def load_json(self, req: Request, schema: Any) -> Any:  # noqa: ANN401, ARG002 - webargs' signature
        """Return the body as data; nothing at all is missing fields, not a wrong type.

        Raises: UnsupportedMediaType for a body that does not call itself JSON, BadRequest for one that is not.
        """
        body = req.get_data()
        # A form was read by then and left no body, so the name counts, not the bytes.
        if not req.is_json and (body or req.mimetype):
            raise UnsupportedMediaType("Send application/json.")
        if not body:
            return missing
        try:
            return current_app.json.loads(body)
        except ValueError as err:
            raise BadRequest(f"The body is not JSON: {err}") from err


class PortalBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest publishes no types
    """flask-smorest's blueprint with our parser, drawn into the document when that is asked for."""

    ARGUMENTS_PARSER = StrictParser()

    def register_views_in_doc(self, api: PortalApi, app: Flask, spec: Any, **named: Any) -> None:  # noqa: ANN401 - flask-smorest's signature
        """Leave it for later."""
        api.draw_later(partial(super().register_views_in_doc, api, app, spec, **named))


def blueprint(name: str, description: str) -> Any:  # noqa: ANN401 - flask-smorest publishes no types
    """Make a blueprint under the API's base; `name`, with a capital, is its tag in the document."""
    return PortalBlueprint(name, f"api.{name}".replace(".", "_"), url_prefix=BASE, description=description)


def attach_api(app: Flask, blueprints: list[Any]) -> None:
    """Register the blueprints and serve the document with its reader, all from here: no page calls out."""
    app.config.update(
        API_TITLE=NAME,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        API_SPEC_OPTIONS={
            "components": {
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer"},
                    "cookie": {"type": "apiKey", "in": "cookie", "name": "portal"},
                }
            },
            "security": [{"token": []}, {"cookie": []}],
        },
    )
    api = PortalApi(app)
    for one in blueprints:
        api.register_blueprint(one)

    @app.get("/api/openapi.json")
    @public("the outward face is documented for everybody")
    def openapi() -> Response:
        return Response(app.json.dumps(completed(api.document(), app)), content_type="application/json")

    @app.get("/api/docs")
    @public("the outward face is documented for everybody")
    def api_reader() -> str:
        return render_template("api_reader.html")
