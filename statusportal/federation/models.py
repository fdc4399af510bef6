"""Tables of identity providers. Both are an organisation's, and small: reference tables."""

from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, JsonList, Name


class IdentityProvider(Base):
    """Who vouches for an organisation's people; the operator's own vouches for its staff. The secret is sealed.

    At `proving_domains` it vouches for addresses too: the operator itself gave it those.
    """

    __tablename__ = "identity_provider"
    __table_args__ = (scaled(Scale.REFERENCE),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    name: Mapped[Name]
    issuer: Mapped[str] = mapped_column(String(500))
    client_id: Mapped[str] = mapped_column(String(255))
    sealed_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    scopes: Mapped[JsonList]
    domains: Mapped[JsonList]
    proving_domains: Mapped[JsonList]
    is_enabled: Mapped[bool]
    changed_at: Mapped[Instant]
    version: Mapped[int] = mapped_column(default=1)


class LinkedIdentity(Base):
    """What a provider calls somebody, and who that is here. A person has one identity at each of their organisations.

    An address is no identity: it may be given to somebody else tomorrow.
    """

    __tablename__ = "linked_identity"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id"], ["identity_provider.organisation_id"]),
        UniqueConstraint("organisation_id", "person_id"),
        Index(None, "person_id"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(String(500), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
