"""Tables of forwarding. Both are an organisation's."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Json, JsonList, Name, Saying, Word
from statusportal.foundation.errors import Sentence
from statusportal.foundation.ids import new_id

NO_TROUBLE = Sentence.quoting("")


class Forwarding(Base):
    """A receiver that an organisation chose, and what it gets. No devices or signals named means all of them."""

    __tablename__ = "forwarding"
    __table_args__ = (Index(None, "state"), scaled(Scale.REFERENCE))

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[Name]
    address: Mapped[str] = mapped_column(String(500))
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    devices: Mapped[JsonList]
    signals: Mapped[JsonList]
    kinds: Mapped[JsonList]
    state: Mapped[Word]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Instant]
    ends_at: Mapped[Instant | None]
    last_sent_at: Mapped[Instant | None]
    last_trouble: Mapped[Saying] = mapped_column(default=NO_TROUBLE)
    sent: Mapped[int] = mapped_column(BigInteger, default=0)
    unsent: Mapped[int] = mapped_column(BigInteger, default=0)


class Parcel(Base):
    """What goes out in one call, and what became of it. Its body goes when it arrived; the row is the log's line."""

    __tablename__ = "forwarding_parcel"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "forwarding_id"], ["forwarding.organisation_id", "forwarding.id"]),
        Index(None, "state", "next_try_at"),
        Index(None, "done_at"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    forwarding_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[Word]
    state: Mapped[Word]
    item_count: Mapped[int]
    body: Mapped[Json | None]
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    trouble: Mapped[Saying] = mapped_column(default=NO_TROUBLE)
    created_at: Mapped[Instant]
    next_try_at: Mapped[Instant]
    done_at: Mapped[Instant | None]
