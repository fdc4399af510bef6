"""What a supervisor asks: is the process alive, can it store, how does it fare."""

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from statusportal.access.actor import SYSTEM
from statusportal.foundation.errors import Overloaded
from statusportal.http import portal
from statusportal.http.policies import public

operations = Blueprint("operations", __name__)


@operations.get("/healthz")
@public("a supervisor has no account; the answer says nothing but that the process runs")
def healthz() -> Response:
    """Say that the process answers."""
    return Response("ok\n", content_type="text/plain")


@operations.get("/readyz")
@public("a supervisor has no account; the answer says nothing but that the store takes a write")
def readyz() -> Response:
    """Say that a write transaction can be opened.

    Raises: Overloaded when it cannot.
    """
    try:
        with portal.works().writing(SYSTEM) as work:
            work.session.execute(text("UPDATE journal_cursor SET sequence = sequence WHERE follower = ''"))
    except SQLAlchemyError as err:
        raise Overloaded("The database does not take writes.", retry_after_s=5) from err
    return Response("ready\n", content_type="text/plain")


@operations.get("/metrics")
@public("Prometheus scrapes it from the inner network; it holds counts of the whole portal, none of a customer")
def metrics() -> Response:
    """Give the process's metrics."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
