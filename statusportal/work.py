"""Work: one transaction for one actor, the only place that commits.

An edge opens it, rooms work in it, and leaving the block runs the projections, commits, and hands the outbox over. An
exception rolls everything back. `GroupCommit` is the same promise for many senders at once: one commit answers all.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Engine, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from statusportal.access.actor import SYSTEM, Actor
from statusportal.access.permissions import Permission
from statusportal.config import Settings
from statusportal.db.engine import writing_view
from statusportal.db.outbox import OutboxMessage
from statusportal.foundation.clock import Clock
from statusportal.foundation.errors import Forbidden, Overloaded, Sentence
from statusportal.foundation.events import Event

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Kept = TypeVar("Kept")

Sight = tuple[str, UUID, UUID | None]
Projection = Callable[["Work", Any], None]
Reaction = Callable[["Works", Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Wiring:
    """Say who listens. `reactions` name their listener, so that a stored message finds it after a restart."""

    projections: Sequence[tuple[type[Event], Projection]] = ()
    reactions: Sequence[tuple[type[Event], str]] = ()
    listeners: Mapping[str, Reaction] = field(default_factory=dict)


@dataclass(slots=True)
class Work:
    """Carry what a verb needs: the session, the actor, the time, the settings, and the facts emitted so far.

    `seen` holds the things that were opened in it by themselves, each with the organisation whose it was, None for the
    present owner's: the edge logs them for staff, who see every customer's. With `is_followed_by_portal` the listeners
    are the portal's own: what follows from the act reaches rows that its actor does not.
    """

    session: Session
    actor: Actor
    clock: Clock
    settings: Settings
    emitted: list[Event] = field(default_factory=list)
    seen: set[Sight] = field(default_factory=set)
    is_followed_by_portal: bool = False
    is_reading: bool = False
    _answers: dict[object, Any] = field(default_factory=dict)

    def once(self, question: object, ask: Callable[[], Kept]) -> Kept:
        """Return what was answered before to a question of the same words, if nothing can change meanwhile.

        Work that writes asks anew each time. Raises: whatever asking raises, which is no answer.
        """
        if not self.is_reading:
            return ask()
        if question not in self._answers:
            self._answers[question] = ask()
        return self._answers[question]  # type: ignore[no-any-return]  # what `ask` gave

    @property
    def now(self) -> datetime:
        """Return the present instant by the work's own clock."""
        return self.clock.now()

    def emit(self, event: Event) -> None:
        """Record a fact; its listeners hear of it when the block is left."""
        self.emitted.append(event)


class Works:
    """Open work on one database."""

    def __init__(self, engine: Engine, clock: Clock, wiring: Wiring, settings: Settings) -> None:
        self.engine = engine
        self.clock = clock
        self.wiring = wiring
        self.settings = settings
        self._writing_engine = writing_view(engine)
        self._wake_callbacks: list[Callable[[], None]] = []
        self._kept: dict[object, Any] = {}
        self._keeping = threading.Lock()

    def kept(self, make: Callable[["Works"], Kept]) -> Kept:
        """Return the one thing of its kind that this portal keeps, made at the first call: a store, a limiter."""
        with self._keeping:
            if make not in self._kept:
                self._kept[make] = make(self)
            return self._kept[make]  # type: ignore[no-any-return]  # what `make` made

    def listen(self, name: str, reaction: Reaction) -> None:
        """Put the function behind a name in the wiring's reactions, where an edge makes it after the portal opened."""
        self.wiring = replace(self.wiring, listeners={**self.wiring.listeners, name: reaction})

    def on_outbox(self, callback: Callable[[], None]) -> None:
        """Call back after each commit that left messages in the outbox."""
        self._wake_callbacks.append(callback)

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[Work]:
        """Open work that changes nothing; whatever it changed is rolled back."""
        with Session(self.engine, autoflush=False) as session:
            _raise_walls(session, actor)
            yield Work(session, actor, self.clock, self.settings, is_reading=True)

    @contextmanager
    def writing(self, actor: Actor) -> Iterator[Work]:
        """Open work that is committed when the block is left without an exception.

        Raises: Forbidden for an actor as whom somebody else sees: that one reads.
        """
        if actor.seen_by is not None:
            raise Forbidden(Permission.CUSTOMER_SEE_AS.value)
        with Session(self._writing_engine, expire_on_commit=False) as session:
            _raise_walls(session, actor)
            work = Work(session, actor, self.clock, self.settings)
            yield work
            left = self._project(work)
            session.commit()
        if left:
            self.wake()

    @contextmanager
    def rehearsing(self, actor: Actor) -> Iterator[Work]:
        """Open work that goes as far as `writing`, projections and all, and is then rolled back."""
        with Session(self._writing_engine, expire_on_commit=False) as session:
            _raise_walls(session, actor)
            work = Work(session, actor, self.clock, self.settings)
            yield work
            self._project(work)
            session.flush()

    def wake(self) -> None:
        """Tell whoever delivers the outbox that there is something in it."""
        for callback in self._wake_callbacks:
            callback()

    def _project(self, work: Work) -> bool:
        """Run projections until no new fact appears, then write the outbox; tell whether it holds anything new."""
        if work.is_followed_by_portal:
            work.actor = SYSTEM
            _raise_walls(work.session, SYSTEM)
        done = 0
        while done < len(work.emitted):
            event = work.emitted[done]
            done += 1
            for kind, projection in self.wiring.projections:
                if isinstance(event, kind):
                    projection(work, event)
        messages = [
            OutboxMessage(
                listener=listener,
                event=type(event).__name__,
                payload=msgspec.to_builtins(asdict(event)),
                created_at=work.now,
                next_try_at=work.now,
            )
            for event in work.emitted
            for kind, listener in self.wiring.reactions
            if isinstance(event, kind)
        ]
        work.session.add_all(messages)
        return bool(messages)


@contextmanager
def beyond_walls(work: Work) -> Iterator[None]:
    """Let one act write rows of two organisations: for a verb that has asked both sides' right to it, and no other.

    The actor stays who they are, so that the log names them. An exception leaves the block with the transaction.
    """
    _raise_walls(work.session, SYSTEM)
    yield
    work.session.flush()
    _raise_walls(work.session, work.actor)


def _raise_walls(session: Session, actor: Actor) -> None:
    """Tell PostgreSQL's row-level security who asks, for this transaction only. Unset gives no row."""
    if session.get_bind().dialect.name != "postgresql":
        return
    settings = {
        "organisations": _array(actor.homes),
        "ownerships": _array(actor.ownerships),
        "operator": "on" if actor.is_operator else "off",
        "person": str(actor.person_id or ""),
    }
    session.execute(_WALLS, settings)


_WALLS = text(
    "SELECT "
    + ", ".join(
        f"set_config('statusportal.{name}', :{name}, true)"
        for name in ("organisations", "ownerships", "operator", "person")
    )
)


def _array(ids: Iterable[UUID]) -> str:
    return "{" + ",".join(str(one) for one in sorted(ids)) + "}"


def error_of(act: Callable[[], object]) -> Exception | None:
    """Return the error that an act failed with, None when it succeeded.

    Raises: trouble of the database or of the machine, which is no fault of what the act was about, and passes.
    """
    try:
        act()
    except _TROUBLE:
        raise
    except Exception as err:  # noqa: BLE001 - handed on whole to who asked
        return err
    return None


_TROUBLE = (InterfaceError, OperationalError, PoolTimeout, MemoryError, OSError)


def culprits_of(
    works: Works, actor: Actor, items: Sequence[Item], act: Callable[[Work, Sequence[Item]], None]
) -> dict[Item, Exception]:
    """Find by halves for which of many things an act fails, each with its error; nothing of what it did is kept.

    Shape: empty where the act fails for none of them alone. Raises: trouble, as `error_of`.
    """

    def rehearse() -> None:
        with works.rehearsing(actor) as work:
            act(work, items)

    error = error_of(rehearse) if items else None
    if error is None:
        return {}
    if len(items) == 1:
        return {items[0]: error}
    half = len(items) // 2
    return culprits_of(works, actor, items[:half], act) | culprits_of(works, actor, items[half:], act)


class _Ticket(Generic[Item, Answer]):
    __slots__ = ("answer", "error", "is_done", "item")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.answer: Answer | None = None
        self.error: BaseException | None = None
        self.is_done = False


class GroupCommit(Generic[Item, Answer]):
    """Let all who wait share one transaction and one fsync.

    The first to get the writer's turn takes everything that is waiting, applies it, commits, and answers all; others
    find their answer ready. `apply` gets the work and the items in order of arrival and returns an answer for each.
    A transaction that fails as a group is tried again one item at a time, so that one bad item harms nobody else.
    """

    def __init__(
        self, works: Works, apply: Callable[[Work, Sequence[Item]], Sequence[Answer]], *, most_waiting: int
    ) -> None:
        self._works = works
        self._apply = apply
        self._most_waiting = most_waiting
        self._waiting: list[_Ticket[Item, Answer]] = []
        self._door = threading.Lock()
        self._writer = threading.Lock()

    def submit(self, item: Item) -> Answer:
        """Wait until the item is on stable storage and return its answer.

        Raises: Overloaded when too many wait already, and whatever `apply` raises for this item.
        """
        ticket: _Ticket[Item, Answer] = _Ticket(item)
        with self._door:
            if len(self._waiting) >= self._most_waiting:
                raise Overloaded(Sentence("The store is busy. Nothing of this request was kept."))
            self._waiting.append(ticket)
        with self._writer:
            if not ticket.is_done:
                self._commit_waiting()
        if ticket.error is not None:
            raise ticket.error
        return ticket.answer  # type: ignore[return-value]  # done without error means answered

    def _commit_waiting(self) -> None:
        with self._door:
            group, self._waiting = self._waiting, []
        try:
            self._commit(group)
        except BaseException as err:  # noqa: BLE001 - each waiter gets its own error; nothing is swallowed
            if len(group) == 1:
                group[0].error = err
            else:
                self._commit_one_by_one(group)
        finally:
            for ticket in group:
                ticket.is_done = True

    def _commit_one_by_one(self, group: Sequence[_Ticket[Item, Answer]]) -> None:
        for ticket in group:
            try:
                self._commit([ticket])
            except BaseException as err:  # noqa: BLE001 - as above
                ticket.error = err

    def _commit(self, group: Sequence[_Ticket[Item, Answer]]) -> None:
        with self._works.writing(SYSTEM) as work:
            answers = self._apply(work, [ticket.item for ticket in group])
        for ticket, answer in zip(group, answers, strict=True):
            ticket.answer = answer
