"""Tables of the community.

What everybody of a model reads names nobody: `publication` and `publication_line` hold no organisation, no device, no
person and no id of theirs, and their own ids are random, not born in order. Who consented and who spoke stands in rows
of that organisation, behind its wall.
"""

from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Name, Prose, Word


class Publication(Base):
    """A shared entry, anonymised: exactly the words that its owner saw and said yes to. Every time is an hour's."""

    __tablename__ = "publication"
    __table_args__ = (Index(None, "model_id", "shared_at"), scaled(Scale.REFERENCE))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    model_id: Mapped[UUID] = mapped_column(ForeignKey("device_model.id"))
    state: Mapped[Word]
    alias: Mapped[Word]
    kind: Mapped[Word]
    code: Mapped[str | None] = mapped_column(String(80))
    health: Mapped[Word | None]
    firmware: Mapped[str] = mapped_column(String(60), default="")
    title: Mapped[str] = mapped_column(String(300))
    body_markdown: Mapped[Prose]
    body_html: Mapped[Prose]
    is_resolved: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[Instant]
    shared_at: Mapped[Instant]
    last_word_at: Mapped[Instant]
    line_count: Mapped[int] = mapped_column(default=0)


class PublicationLine(Base):
    """A word under a publication: copied from its thread with the owner's yes, or said in the community."""

    __tablename__ = "publication_line"
    __table_args__ = (scaled(Scale.REFERENCE),)

    publication_id: Mapped[UUID] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    position: Mapped[int]
    is_reply: Mapped[bool]
    state: Mapped[Word]
    alias: Mapped[Name]
    role: Mapped[Word | None]
    body_markdown: Mapped[Prose]
    body_html: Mapped[Prose]
    said_at: Mapped[Instant]


class PublicationConsent(Base):
    """Who of an owner said yes to a publication of which entry, when, and to which version of the entry."""

    __tablename__ = "publication_consent"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"]),
        ForeignKeyConstraint(["publication_id"], ["publication.id"]),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_somebody"),
        Index(None, "organisation_id", "entry_id"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    publication_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID]
    version: Mapped[int]
    given_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[Instant]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[Instant | None]


class PublicationVoice(Base):
    """Who is behind an alias: a row of the speaker's own organisation, for the publication itself and for each line.

    `comment_id` is what a line was copied from. The operator's people speak under the operator's name; what they said
    in the thread lies with its owner.
    """

    __tablename__ = "publication_voice"
    __table_args__ = (
        Index(None, "organisation_id", "person_id"),
        Index(None, "organisation_id", "comment_id"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    publication_id: Mapped[UUID] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    comment_id: Mapped[UUID | None]
    alias: Mapped[Name]
