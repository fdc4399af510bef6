"""From a request to its actor: the cookie of a sign-in, a personal token, or a machine's token or certificate."""

from typing import cast

from flask import Flask, Request, g, request
from flask_login import LoginManager, UserMixin

from statusportal.access.actor import ANONYMOUS, SYSTEM, Actor
from statusportal.access.vocabulary import ActorKind
from statusportal.config import Settings
from statusportal.credentials.certificates import find_in_header
from statusportal.credentials.recognising import machine_of_certificate, machine_of_token, note_credential_used
from statusportal.credentials.vocabulary import Machine
from statusportal.fleet.reach import with_grants
from statusportal.foundation.errors import NotSignedIn
from statusportal.http import portal
from statusportal.http.guessing import SecretGuesses, client_address
from statusportal.identity.actors import OpenSession, session_of, token_of
from statusportal.identity.issuing import note_token_used
from statusportal.identity.signing_in import touch_sign_in
from statusportal.proofs.queries import owes_second_proof
from statusportal.seen_as.actors import eyes_of
from statusportal.work import Work, Works

_BEARERS = ("bearer", "token")
_LOOKS = ("GET", "HEAD")
_MACHINE_PREFIX = "spd_"


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login publishes no types
    """What flask-login hands around: the actor, by its person's or credential's id."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.id = str(actor.person_id or actor.credential_id)


def cookie_name(settings: Settings) -> str:
    """Return the name of the sign-in cookie; over TLS the browser itself binds it to the host."""
    return "__Host-portal" if settings.secure_cookies else "portal"


def came_by_cookie() -> bool:
    """Tell whether the actor came with a cookie, so that a foreign page could have sent the request."""
    return bool(g.get("by_cookie", False))


def actor_of_bearer(works: Works, secret: str) -> Actor | None:
    """Return the actor behind a token of either kind, or None when it is not usable."""
    with works.reading(SYSTEM) as work:
        # A token kept from before the portal has no prefix of ours: it is a machine's.
        token = token_of(work, secret)
        actor = with_grants(work, token.actor) if token else None
        machine = None if token else machine_of_token(work, secret)
    if token is not None and token.is_touch_due:
        with works.writing(SYSTEM) as work:
            note_token_used(work, token.token_id)
    return _admitted(works, machine) or actor


def session_read() -> OpenSession | None:
    """Return the session that was read on the way in, for a request that looks; what one changes is read anew."""
    return cast("OpenSession | None", g.get("session")) if request.method in _LOOKS else None


def actor_of_cookie(works: Works, secret: str) -> Actor | None:
    """Return the actor behind a sign-in's cookie, or None when it has ended; the session is kept for `session_read`."""
    with works.reading(SYSTEM) as work:
        session = session_of(work, secret)
        actor = standing_of(work, session.actor) if session else None
    g.session = session
    if session is not None and session.is_touch_due and session.actor.session_id is not None:
        with works.writing(SYSTEM) as work:
            touch_sign_in(work, session.actor.session_id)
    return actor


def actor_of_certificate(works: Works, header: str) -> Actor | None:
    """Return the machine whose certificate a trusted proxy passed on, or None when it opens nothing."""
    facts = find_in_header(header)
    return actor_of_fingerprint(works, facts.fingerprint) if facts else None


def actor_of_fingerprint(works: Works, fingerprint: str) -> Actor | None:
    """Return the machine whose certificate was proved in a TLS handshake, or None when it opens nothing."""
    with works.reading(SYSTEM) as work:
        machine = machine_of_certificate(work, fingerprint)
    return _admitted(works, machine)


def _admitted(works: Works, machine: Machine | None) -> Actor | None:
    """Note the use of a credential where that is due, and return its machine as an actor."""
    if machine is None:
        return None
    if machine.is_touch_due:
        with works.writing(SYSTEM) as work:
            note_credential_used(work, machine.credential_id)
    return _actor_of_machine(machine)


def standing_of(work: Work, actor: Actor) -> Actor:
    """Add what was granted, and the eyes of whom somebody sees as.

    Who owes a second proof is nothing here but themselves until it is set up. Tokens made before stay: no machine can
    show a second proof. Where an identity provider let somebody in, it asked for what its organisation wants of them.
    """
    is_asked = actor.person_id and actor.session_id and actor.vouched_by is None
    if is_asked and actor.person_id and owes_second_proof(work, actor.person_id):
        return Actor(kind=actor.kind, person_id=actor.person_id, session_id=actor.session_id, owes_second_proof=True)
    return eyes_of(work, with_grants(work, actor))


def _actor_of_machine(found: Machine) -> Actor:
    return Actor(
        kind=ActorKind.MACHINE,
        credential_id=found.credential_id,
        device_id=found.device_id,
        gateway_of=found.organisation_id,
    )


def _actor_of(incoming: Request) -> Actor:
    """Read the actor.

    Raises: NotSignedIn for a token that is not usable, TooMany after many of them; an outdated cookie is no error,
    its bearer is anonymous.
    """
    works = portal.works()
    kind, _, secret = incoming.headers.get("Authorization", "").partition(" ")
    if kind.lower() in _BEARERS and secret:
        return _bearer(works, secret.strip())
    cookie = incoming.cookies.get(cookie_name(works.settings))
    actor = actor_of_cookie(works, cookie) if cookie else None
    g.by_cookie = actor is not None
    header = works.settings.client_certificate_header
    if actor is None and header:
        actor = actor_of_certificate(works, incoming.headers.get(header, ""))
    return actor or ANONYMOUS


def bearer_of(secret: str) -> Actor:
    """Return who bears a token that stands elsewhere than in a header. Raises: NotSignedIn, TooMany."""
    return _bearer(portal.works(), secret)


def _bearer(works: Works, secret: str) -> Actor:
    """Return who bears a token; wrong ones count against the address they come from.

    Raises: NotSignedIn, TooMany.
    """
    guesses = works.kept(SecretGuesses)
    guesses.refuse_unless_known(secret, client_address())
    actor = actor_of_bearer(works, secret)
    if actor is None:
        guesses.count(client_address())
        raise NotSignedIn("This token is not known, expired or revoked.")
    guesses.know(secret)
    return actor


def identify() -> None:
    """Set the request's actor; called once, before everything that asks who it is."""
    g.actor = ANONYMOUS
    g.by_cookie = False
    g.session = None
    g.actor = _actor_of(request)


def init_app(app: Flask) -> None:
    """Let flask-login see the same actor."""
    manager = LoginManager()
    manager.session_protection = None  # sessions live on the server; nothing of them is in the cookie

    @manager.request_loader  # type: ignore[untyped-decorator]  # flask-login publishes no types
    def load(_request: Request) -> SignedIn | None:
        actor = portal.actor()
        return None if actor.kind is ActorKind.ANONYMOUS else SignedIn(actor)

    manager.init_app(app)
