"""Safe retry: a POST with an Idempotency-Key is carried out once, and a second sending gets the first answer.

The key takes its place in the transaction of the act itself, so a crash between act and answer cannot carry it out
twice; the answer is filled in afterwards.
"""

import hashlib
from datetime import timedelta

from flask import Flask, Response, current_app, g, request
from sqlalchemy import delete, select, update
from werkzeug.datastructures import FileStorage

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import SafeRetry
from statusportal.foundation.errors import Conflict, Invalid, RetryMismatch
from statusportal.foundation.ids import new_id
from statusportal.work import Work, Works

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=2)
_LONGEST = 200
_FIRST_FAILURE = 400
# Answers are kept for two days: what a sender may leave here has a bound.
_LARGEST_BODY = 65_536
# A form carries its key as a hidden field, so that a double click posts once.
_FIELD = "idempotency_key"
_MULTIPART = "multipart/form-data"
_FORMS = {"application/x-www-form-urlencoded", _MULTIPART}


def replay() -> Response | None:
    """Answer from memory when this key was carried out before.

    Raises: RetryMismatch for another body, Invalid for an unusable key, Conflict when the first answer got lost.
    """
    if request.method != "POST":
        return None
    is_form = request.mimetype in _FORMS and not request.path.startswith("/api/")
    key = request.form.get(_FIELD) if is_form else request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= _LONGEST:
        raise Invalid.field(f"/{HEADER}", f"must be 1 to {_LONGEST} characters")
    actor = g.actor
    sender = str(actor.person_id or actor.credential_id or request.remote_addr)
    body = _form_body() if is_form or request.mimetype == _MULTIPART else request.get_data()
    digest = hashlib.sha256(f"{request.full_path}\n".encode() + body).hexdigest()
    portal: Works = current_app.extensions["statusportal"]
    with portal.reading(SYSTEM) as work:
        row = work.session.scalar(select(SafeRetry).where(SafeRetry.sender == sender, SafeRetry.key == key))
    if row is None:
        g.retry = SafeRetry(
            id=new_id(),
            sender=sender,
            key=key,
            request_digest=digest,
            status=0,
            headers={},
            body="",
            created_at=work.now,
        )
        return None
    if row.request_digest != digest:
        raise RetryMismatch("This Idempotency-Key came before with another request.")
    if row.status == 0:
        raise Conflict("This request was carried out before, and its answer was not kept. Read the thing to see it.")
    return Response(row.body, row.status, headers=row.headers)


def _form_body() -> bytes:
    """Return what a form says, less what is another each time: its token, and the line that parts its fields."""
    said = sorted(item for item in request.form.items(multi=True) if item[0] != "csrf_token")
    return repr((said, [_file_said(name, file) for name, file in request.files.items(multi=True)])).encode()


def _file_said(name: str, file: FileStorage) -> tuple[str, str, str]:
    """Return a field's name, a file's name and the fingerprint of its bytes, which stay to be read."""
    digest = hashlib.sha256(file.stream.read()).hexdigest()
    file.stream.seek(0)
    return name, file.filename or "", digest


def keep_place(work: Work) -> None:
    """Let the key commit with the act."""
    row: SafeRetry | None = g.pop("retry", None)
    if row is not None:
        work.session.add(row)
        g.retry_id = row.id


def forget_answer() -> None:
    """Keep the key alone of an act whose answer holds a secret: a second sending neither acts nor is told."""
    g.pop("retry_id", None)


def keep_answer(response: Response) -> Response:
    """Fill in the answer of an act that was carried out."""
    retry_id = g.get("retry_id")
    if retry_id is None:
        return response
    portal: Works = current_app.extensions["statusportal"]
    with portal.writing(SYSTEM) as work:
        if response.status_code >= _FIRST_FAILURE:
            work.session.execute(delete(SafeRetry).where(SafeRetry.id == retry_id))
        else:
            headers = {
                name: response.headers[name]
                for name in ("Content-Type", "Location", "ETag")
                if name in response.headers
            }
            body = response.get_data(as_text=True)
            if len(body) > _LARGEST_BODY:
                return response  # the key stays taken, and a second sending is told that the answer was not kept
            values = {"status": response.status_code, "headers": headers, "body": body}
            work.session.execute(update(SafeRetry).where(SafeRetry.id == retry_id).values(**values))
    return response


def init_app(app: Flask) -> None:
    """Keep answers after each request; `replay` is called by the door, once the actor is known."""
    app.after_request(keep_answer)
