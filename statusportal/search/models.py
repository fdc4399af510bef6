"""The search table: one row for each text that can be found. Its index is the database's own (migration 0043)."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Prose, Word


class SearchDocument(Base):
    """An entry or a comment as search sees it.

    `title` and `body` are what was said, for excerpts; the `…_words` are the same folded (case, accents, punctuation),
    with their stems and what the document is filed under, so that both databases find alike. `number` is what the index
    calls the row: the newer the higher. `answered_at` stands on what is settled by an answer.
    """

    __tablename__ = "search_document"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"]),
        Index("ix_search_document_number", "number"),
        Index(None, "organisation_id", "said_at"),
        Index(None, "id"),
        Index(None, "author_id", "number"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[Word]
    audience: Mapped[Word]
    author_id: Mapped[UUID | None]
    title: Mapped[Prose]
    body: Mapped[Prose]
    title_words: Mapped[Prose]
    body_words: Mapped[Prose]
    key_words: Mapped[Prose]
    stem_words: Mapped[Prose]
    tag_words: Mapped[Prose]
    answered_at: Mapped[Instant | None]
    said_at: Mapped[Instant]
