"""The one blueprint of what a link opens. Its answers are kept nowhere, found by nobody, and say not where from."""

from flask import Blueprint, Response, make_response, render_template

from statusportal.foundation.errors import NotFound

shared = Blueprint("shared", __name__)


@shared.after_request
def keep_to_oneself(response: Response) -> Response:
    """Let no address of these pages travel on, and no search engine keep them."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@shared.errorhandler(NotFound)
def nothing_opens(_error: NotFound) -> Response:
    """Answer a link that never was, one that ended, and what lies beside it in the same words."""
    return make_response(render_template("shared/ended.html"), 404)
