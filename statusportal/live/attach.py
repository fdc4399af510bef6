"""The door of the live channel: who gets in, from where, and what may be said. Sockets carry nudges, HTTP the data."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask_socketio import Namespace, SocketIO

from statusportal.access.actor import SYSTEM, Actor
from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import ActorKind
from statusportal.http.identity import cookie_name, standing_of
from statusportal.http.policies import PolicyMissing, checked_by, policy_of, public
from statusportal.identity.actors import actor_of_session, actor_of_token
from statusportal.live.channel import NAMESPACE, NUDGE, Channel
from statusportal.live.gate import Gate, room_for
from statusportal.live.topics import wished_topics
from statusportal.work import Works

# A `watch` of two hundred topics is below 20 kB; nothing larger has a reason.
_LARGEST_PACKET_BYTES = 65_536
_LONGEST_SECRET = 512


class LiveNamespace(Namespace):  # type: ignore[misc]  # flask-socketio publishes no types
    """Speak with clients. Whatever odd thing arrives is answered with nothing, and never with a crash."""

    def __init__(self, works: Works, channel: Channel) -> None:
        super().__init__(NAMESPACE)
        self._works = works
        self._channel = channel

    def trigger_event(self, event: object, *args: object) -> object:
        """Pass on the events that are declared here, by their exact names alone."""
        if not isinstance(event, str) or event not in {"connect", "disconnect", "watch"}:
            return None
        return super().trigger_event(event, *args)

    @public("the handshake is where somebody says who they are; without a usable sign-in it is refused")
    def on_connect(self, auth: object = None) -> bool:
        """Let in who shows the cookie of a sign-in or a personal token."""
        return self._channel.let_in(_sid(), self._actor_reader(auth))

    @public("leaving needs no right")
    def on_disconnect(self, *_reason: object) -> None:
        """Forget the socket."""
        self._channel.sockets.remove(_sid())

    @checked_by(Permission.ENTRY_VIEW)
    def on_watch(self, *said: object) -> object:
        """Watch topics, and learn each one's present version."""
        return self._channel.watch(_sid(), wished_topics(said[0] if said else None))

    def _actor_reader(self, auth: object) -> Callable[[], Actor | None]:
        """Return what reads the actor anew from the secret that came with the handshake."""
        token = auth.get("token") if isinstance(auth, dict) else None
        secret = token if token is not None else request.cookies.get(cookie_name(self._works.settings))
        read = actor_of_session if token is None else actor_of_token
        if not isinstance(secret, str) or not 0 < len(secret) <= _LONGEST_SECRET:
            return lambda: None
        works = self._works

        def reread() -> Actor | None:
            with works.reading(SYSTEM) as work:
                actor = read(work, secret)
                if actor is None or actor.kind is not ActorKind.PERSON:
                    return None
                standing = standing_of(work, actor)
                return None if standing.owes_second_proof else standing

        return reread


def attach_live(app: Flask, works: Works) -> SocketIO:
    """Open the live channel beside the app, and let the outbox nudge through it.

    Raises: PolicyMissing when a socket event declares no policy.
    """
    socketio = SocketIO(
        app,
        # Said out loud: where gevent happens to be installed the library would choose it by itself.
        async_mode="threading",
        cors_allowed_origins=_origin_check(works.settings.public_url),
        transports=["websocket", "polling"],
        max_http_buffer_size=_LARGEST_PACKET_BYTES,
        manage_session=False,
        logger=False,
        engineio_logger=False,
    )
    channel = Channel(works, socketio)
    namespace = LiveNamespace(works, channel)
    refuse_undeclared_events([namespace])
    socketio.on_namespace(namespace)
    works.listen(NUDGE, channel.nudge)
    app.wsgi_app = Gate(app.wsgi_app, socketio, room_for(works.settings.threads))  # type: ignore[method-assign]  # the documented way
    app.extensions["live_channel"] = channel
    return socketio


def refuse_undeclared_events(namespaces: list[Any]) -> None:
    """Stop the start of an app that has a socket event without a policy.

    Raises: PolicyMissing, naming each of them.
    """
    missing = [
        f"{namespace.namespace} {name.removeprefix('on_')}"
        for namespace in namespaces
        for name in dir(namespace)
        if name.startswith("on_") and policy_of(getattr(namespace, name)) is None
    ]
    if missing:
        raise PolicyMissing("These socket events declare no policy: " + ", ".join(sorted(missing)))


def _origin_check(public_url: str) -> Callable[[str | None, dict[str, Any]], bool]:
    """Return what tells whether a page of ours opened the socket: the address asked for, or the public one."""
    public_origin = _origin(public_url)

    def is_ours(origin: str | None, environ: dict[str, Any]) -> bool:
        if origin is None:
            return False  # no browser: there is nothing to allow
        asked = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
        return (found := _origin(origin)) is not None and found in {_origin(asked), public_origin}

    return is_ours


def _origin(address: str) -> str | None:
    """Return the host and port of a web address; a proxy speaks http to us whatever the browser spoke."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.netloc.lower() or None if parts.scheme in {"http", "https"} else None


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # flask-socketio adds it to its requests
