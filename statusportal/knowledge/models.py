"""Tables of knowledge. Articles are the operator's; whose machine it helped stays with the machine's owner."""

import hashlib
from uuid import UUID, uuid4

from sqlalchemy import Boolean, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Prose, Word
from statusportal.foundation.ids import new_id


class Article(Base):
    """What is known about a model's alarm code. Owners read the version `published_number`, staff the latest.

    `source_comment_id` is the accepted answer that it was made of, for the operator's people alone and no foreign key:
    the answer may be taken back, and belongs to its owner.
    """

    __tablename__ = "article"
    __table_args__ = (Index(None, "model_id", "code"), Index(None, "source_comment_id"), scaled(Scale.REFERENCE))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    model_id: Mapped[UUID] = mapped_column(ForeignKey("device_model.id"))
    code: Mapped[str | None] = mapped_column(String(80))
    latest_number: Mapped[int]
    published_number: Mapped[int | None]
    source_comment_id: Mapped[UUID | None]
    created_at: Mapped[Instant]


class ArticleVersion(Base):
    """One wording of an article. A draft is changed in place; what was reviewed or published stays as it is."""

    __tablename__ = "article_version"
    __table_args__ = (scaled(Scale.REFERENCE),)

    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[Word]
    title: Mapped[str] = mapped_column(String(300))
    symptom: Mapped[Prose]
    cause: Mapped[Prose]
    fix: Mapped[Prose]
    firmware_from: Mapped[str] = mapped_column(String(60))
    firmware_to: Mapped[str] = mapped_column(String(60))
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[Instant]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[Instant | None]
    published_at: Mapped[Instant | None]

    @property
    def edition(self) -> int:
        """A number that is another one once a word is: whoever reviews or publishes names what they read."""
        words = (self.title, self.symptom, self.cause, self.fix, self.firmware_from, self.firmware_to)
        digest = hashlib.sha256("\0".join((str(self.number), *words)).encode()).digest()
        return int.from_bytes(digest[:6])


class ArticleTrial(Base):
    """Somebody did what an article says on a machine of theirs, and how it went.

    The machine says so under a watched fix (`fix_id`), or a person does. `publication_id` names what is counted.
    """

    __tablename__ = "article_trial"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        UniqueConstraint("organisation_id", "article_id", "device_id", "ownership_id"),
        Index(None, "fix_id"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"))
    device_id: Mapped[UUID]
    ownership_id: Mapped[UUID]
    fix_id: Mapped[UUID | None]
    publication_id: Mapped[UUID]
    outcome: Mapped[Word]
    said_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[Instant]


class ArticleOutcome(Base):
    """One machine on which an article was tried, as everybody may count it: no owner, no machine, no time."""

    __tablename__ = "article_outcome"
    __table_args__ = (scaled(Scale.REFERENCE),)

    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    outcome: Mapped[Word]
    is_by_machine: Mapped[bool] = mapped_column(Boolean)
