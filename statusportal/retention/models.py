"""The table of retention's proofs."""

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, PrimaryId, Word


class RetentionRun(Base):
    """One look at one kind: everything older than `until_at` is gone, and how many records that were."""

    __tablename__ = "retention_run"
    __table_args__ = (Index(None, "kind", "at"), scaled(Scale.LOCAL))

    id: Mapped[PrimaryId]
    kind: Mapped[Word]
    until_at: Mapped[Instant]
    deleted: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[Instant]
