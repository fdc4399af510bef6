"""The search table: one row for each text that can be found. The index over it is the database's own (migrations)."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Prose, Word


class SearchDocument(Base):
    """An entry or a comment as search sees it. `number` is what the full-text index of SQLite calls the row."""

    __tablename__ = "search_document"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"]),
        Index("ix_search_document_number", "number"),
        Index(None, "organisation_id", "said_at"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[Word]
    audience: Mapped[Word]
    title: Mapped[Prose]
    body: Mapped[Prose]
    keys: Mapped[Prose]
    said_at: Mapped[Instant]
