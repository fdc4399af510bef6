"""The table of files. A file cannot hang on another organisation's entry or comment even by a bug."""

from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.attachments.vocabulary import AttachmentKind, MediaType
from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Name, Prose, Word
from statusportal.foundation.ids import new_id


class Attachment(Base):
    """A file that somebody sent under an entry; without a comment it waits for one, and its sender alone sees it.

    Units: width and height in pixels. `storage_key` names the bytes, `preview_storage_key` those of a small picture,
    `sha256` proves them. `keeps_details` is told to its reader: the file may say where and by what it was made.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"]),
        ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
        ),
        Index(None, "organisation_id", "entry_id", "comment_id"),
        Index(None, "author_id", "created_at"),
        Index(None, "storage_key"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    comment_id: Mapped[UUID | None]
    place: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[Name]
    media_type: Mapped[Word]
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(64))
    preview_storage_key: Mapped[str | None] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    excerpt: Mapped[Prose]
    keeps_details: Mapped[bool]
    created_at: Mapped[Instant]

    @property
    def kind(self) -> AttachmentKind:
        """Return what it is, as its content said."""
        return MediaType(self.media_type).kind
