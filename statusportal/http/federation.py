"""The way to an organisation's identity provider and back, as a browser goes it: two cookies, and what they find here.

Each cookie holds a secret that finds what is kept on the server, works once, and lasts minutes.
"""

from enum import StrEnum
from uuid import UUID

from flask import Response, make_response, redirect, request

from statusportal.access.actor import SYSTEM
from statusportal.federation import entering
from statusportal.federation.configuring import require_provider_right
from statusportal.federation.errors import NotVouchedFor
from statusportal.federation.linking import waiting_identity
from statusportal.federation.queries import open_party, party_of
from statusportal.federation.vocabulary import ELSEWHERE_HOLDS, Asked, Purpose, Waiting
from statusportal.foundation.errors import NotFound
from statusportal.http import portal
from statusportal.identity.trying import count_try
from statusportal.proofs.errors import StepOver
from statusportal.providers.asking import Descriptions, address_to_ask, try_out
from statusportal.providers.errors import ProviderFaulty
from statusportal.providers.vocabulary import Party, Question, Trial, Vouched

_LONGEST_ANSWER = 4_096


class Held(StrEnum):
    """What a cookie of this way finds: what a provider was asked, or an identity that waits for its owner."""

    ASKED = "provider"
    WAITING = "identity"


def send_to_provider(party: Party, purpose: Purpose, onward: str) -> Response:
    """Keep what is asked, and lead to the provider. It is led by links alone: forms may lead nowhere else.

    Raises: ProviderFaulty, TooMany.
    """
    works = portal.works()
    description = works.kept(Descriptions).of(party)
    person_id = None if purpose is Purpose.ENTER else portal.actor().person_id
    with works.writing(SYSTEM) as work:
        address = request.remote_addr or ""
        asked, secret = entering.begin_asking(work, party, purpose, onward, person_id, address)
    question = Question(asked.state, asked.nonce, asked.verifier, is_anew=purpose is Purpose.PROVE)
    response = make_response(redirect(address_to_ask(party, description, question), 303))
    hold(response, Held.ASKED, secret)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def hear_answer(slug: str) -> tuple[Asked, Vouched]:
    """Take what a provider sent back by this browser, held to what it was asked; that is spent whatever comes of it.

    Raises: StepOver, and NotVouchedFor, which is in the audit log by then.
    """
    works = portal.works()
    with works.writing(SYSTEM) as work:
        asked = entering.spend_asked(work, request.cookies.get(_name(Held.ASKED), ""))
    answer = {name: value[:_LONGEST_ANSWER] for name, value in request.args.items()}
    try:
        with works.reading(SYSTEM) as work:
            party, now = open_party(work, slug), work.now
        return asked, entering.hear(party, works.kept(Descriptions).of(party), asked, answer, now)
    except (ProviderFaulty, NotFound) as err:
        refused = NotVouchedFor(asked.organisation_id, err.code if isinstance(err, ProviderFaulty) else "switched_off")
        record_refused(refused)
        raise refused from err


def record_refused(refused: NotVouchedFor) -> None:
    """Log why a sign-in by a provider opened nothing."""
    with portal.works().writing(SYSTEM) as work:
        entering.record_refused_identity(work, refused.organisation_id, refused.code)


def tried(organisation_id: UUID) -> Trial:
    """Try an organisation's provider out, between transactions; how often is limited.

    Raises: NotFound, Forbidden, TooMany.
    """
    with portal.reading() as work:
        require_provider_right(work, organisation_id)
        party = party_of(work, organisation_id)
        count_try(work.settings, f"provider {organisation_id}", request.remote_addr or "")
    return try_out(party)


def waiting_here() -> Waiting | None:
    """Return the identity that this browser showed a moment ago and that nobody has said yes to."""
    secret = waiting_secret()
    if not secret:
        return None
    try:
        with portal.works().reading(SYSTEM) as work:
            return waiting_identity(work, secret)
    except StepOver:
        return None


def waiting_secret() -> str:
    """Return the secret of an identity that waits, empty where there is none."""
    return request.cookies.get(_name(Held.WAITING), "")


def hold(response: Response, what: Held, secret: str) -> None:
    """Hand a secret to this browser, for the minutes in which it is good for anything."""
    secure = portal.settings().secure_cookies
    response.set_cookie(_name(what), secret, max_age=ELSEWHERE_HOLDS, secure=secure, httponly=True, samesite="Lax")


def drop(response: Response, what: Held) -> None:
    """Let this browser forget a secret that is spent."""
    response.delete_cookie(_name(what), secure=portal.settings().secure_cookies, httponly=True, samesite="Lax")


def _name(what: Held) -> str:
    return f"__Host-portal_{what}" if portal.settings().secure_cookies else f"portal_{what}"
