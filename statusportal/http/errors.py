"""The one table from errors to answers: RFC 9457 for programs, a page for people.

Foreign and missing give the same bytes. What nobody expected is logged with an id, and the answer holds that id alone.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog
from flask import Flask, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.sansio.response import Response as SansIoResponse

from statusportal.access.vocabulary import ActorKind, MemberRole, StaffRole
from statusportal.accounts.queries import members_of
from statusportal.audit.service import record_denial
from statusportal.foundation.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
    Overloaded,
    PortalError,
    Stale,
    TooMany,
)
from statusportal.foundation.ids import new_id
from statusportal.http import portal
from statusportal.http.seeing import ReadingOnly, TheirsAlone
from statusportal.http.sentences import at_field, translated
from statusportal.http.views.shell import ErrorPage, Granter
from statusportal.identity.errors import ProofNeeded
from statusportal.proofs.errors import SecondProofNeeded, SecondProofOwed

log = structlog.get_logger()

# The narrowest first: the first that fits counts.
STATUS: tuple[tuple[type[PortalError], int, str], ...] = (
    (NotFound, 404, "Not found"),
    (NotSignedIn, 401, "Not signed in"),
    (Forbidden, 403, "Not allowed"),
    (ProofNeeded, 403, "Proof needed"),
    (SecondProofOwed, 403, "Second proof needed"),
    (Invalid, 422, "Wrong content"),
    (Conflict, 409, "Conflict"),
    (Stale, 412, "Changed since"),
    (TooMany, 429, "Too many requests"),
    (Overloaded, 503, "Overloaded"),
)

_TITLES = {
    400: "Not readable",
    422: "Wrong content",
    405: "Method not allowed",
    413: "Too large",
    415: "Unsupported type",
    404: "Not found",
}


def problem(
    status: int,
    title: str,
    detail: str = "",
    errors: Iterable[FieldError] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,  # noqa: ANN401 - RFC 9457 extension members are free
) -> Response:
    """Make an `application/problem+json` answer."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        body["detail"] = str(detail)  # msgspec takes no subclass of str
    fields = [{"pointer": one.pointer, "detail": str(one.detail)} for one in errors]
    if fields:
        body["errors"] = fields
    body.update(more)
    return Response(msgspec.json.encode(body), status, headers, content_type="application/problem+json")


def wants_page() -> bool:
    """Tell whether the asker is a person with a browser."""
    return not request.path.startswith(("/api/", "/v1/", "/socket.io", "/healthz", "/readyz", "/metrics"))


def answer(error: PortalError) -> Response:
    """Answer a house error: as a problem to programs, as a page to people."""
    status, title = next((status, title) for kind, status, title in STATUS if isinstance(error, kind))
    headers = {}
    if isinstance(error, Overloaded):
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Forbidden):
        _record_denial(error)
    if wants_page():
        return _page(status, error, headers)
    detail = "" if isinstance(error, NotFound) else error.detail
    errors = error.errors if isinstance(error, Invalid) else ()
    more: dict[str, Any] = {}
    if isinstance(error, Forbidden) and error.who_can_grant:
        more["who_can_grant"] = error.who_can_grant
    if isinstance(error, Stale):
        more["version"] = error.version
    if isinstance(error, ProofNeeded):
        more["prove_at"] = url_for("Sessions.prove")
    if isinstance(error, SecondProofNeeded):
        more["second_factor"] = list(error.kinds)
    if isinstance(error, SecondProofOwed):
        more["enrol_at"] = url_for("Second proofs.begin_app")
    return problem(status, title, detail, errors, headers, **more)


def _page(status: int, error: PortalError, headers: Mapping[str, str]) -> Response:
    if isinstance(error, NotSignedIn):
        wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return _lead_to(url_for("session.sign_in", next=wanted))
    if isinstance(error, ProofNeeded):
        return _lead_to(url_for("confirming.confirm", next=_form_or_page()))
    if isinstance(error, SecondProofOwed):
        return _lead_to(url_for("proofs.how_i_sign_in"))
    page = ErrorPage(
        status=status,
        sentence=_sentence_of(error),
        granters=_granters(error) if isinstance(error, Forbidden) else (),
        is_reading_only=isinstance(error, ReadingOnly | TheirsAlone),
        is_operators=isinstance(error, Forbidden) and _is_operators(error),
        retry_after_s=error.retry_after_s if isinstance(error, Overloaded) else None,
    )
    return _error_page(page, headers)


def _lead_to(address: str) -> Response:
    back = redirect(address, 303)
    return Response(back.get_data(), 303, back.headers)


def _form_or_page() -> str:
    """Return the page that was asked for, or the one whose form was sent, to come back to."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    sent_from = urlsplit(request.referrer or "")
    return sent_from.path if sent_from.netloc == request.host and sent_from.path else "/"


def _granters(error: Forbidden) -> tuple[Granter, ...]:
    """Name the administrators of the reader's own organisations, where they hold what is lacking."""
    if MemberRole.CUSTOMER_ADMIN.value not in error.who_can_grant:
        return ()
    with portal.reading() as work:
        members = [one for mine in work.actor.memberships for one in members_of(work, mine)]
    return tuple(
        Granter(one.name, "customer_admin")
        for one in members
        if one.role == MemberRole.CUSTOMER_ADMIN and not one.is_disabled
    )


def _is_operators(error: Forbidden) -> bool:
    holders = set(error.who_can_grant.split(", "))
    return bool(holders) and holders <= {role.value for role in StaffRole}


def _sentence_of(error: PortalError) -> str:
    """Say what is wrong without pointers, which only programs read."""
    if isinstance(error, NotFound):
        return ""
    if isinstance(error, Invalid):
        return " ".join(at_field(one.detail) for one in error.errors)
    return translated(error.detail)


def _error_page(page: ErrorPage, headers: Mapping[str, str] | None = None) -> Response:
    html = render_template("error.html", page=page)
    return Response(html, page.status, headers, content_type="text/html; charset=utf-8")


def _record_denial(error: Forbidden) -> None:
    actor = portal.own_actor()
    if actor.kind is ActorKind.ANONYMOUS:
        return
    with portal.works().writing(actor) as work:
        record_denial(work, error.permission, request.endpoint or "")


def _answer_http(error: HTTPException) -> SansIoResponse:
    status = error.code or 500
    if isinstance(error, SecurityError):
        # A host that is not ours: no page, since a page's own links could not be written for it.
        return problem(status, _TITLES[status], "This server does not answer to that host name.")
    if error.response is not None:
        return error.response
    title = _TITLES.get(status, error.name)
    kept = {"Allow", "Retry-After"}
    headers = {name: value for name, value in error.get_headers() if name in kept}
    if status == HTTPStatus.NOT_FOUND:
        return answer(NotFound())
    if wants_page():
        return _error_page(ErrorPage(status=status), headers)
    fields = _webargs_errors(getattr(error, "data", None))
    return problem(status, title, "" if fields else (error.description or ""), fields, headers)


def _webargs_errors(data: Mapping[str, Any] | None) -> list[FieldError]:
    """Turn marshmallow's messages, nested as the body was, into pointers."""
    if not data or not isinstance(data.get("messages"), Mapping):
        return []
    places: Mapping[str, Any] = data["messages"]
    return [error for messages in places.values() for error in _walk("", messages)]


def _walk(pointer: str, messages: object) -> list[FieldError]:
    if isinstance(messages, Mapping):
        return [error for key, inner in messages.items() for error in _walk(f"{pointer}/{_escaped(key)}", inner)]
    if isinstance(messages, list):
        return [FieldError(pointer.removesuffix("/_schema"), str(one)) for one in messages]
    return [FieldError(pointer, str(messages))]


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def _answer_unexpected(error: Exception) -> Response:
    error_id = str(new_id())
    # The rule, not the address: an invitation's address holds its secret.
    rule = request.url_rule.rule if request.url_rule else ""
    log.error("unexpected", error_id=error_id, method=request.method, rule=rule, exc_info=error)
    if wants_page():
        return _error_page(ErrorPage(status=500, reference=error_id))
    return problem(500, "Unexpected", f"This is our fault. It is logged as {error_id}.")


def init_app(app: Flask) -> None:
    """Register the table."""
    app.register_error_handler(PortalError, answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unexpected)
