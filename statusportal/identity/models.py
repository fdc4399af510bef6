"""Tables of identity. All are small: reference tables."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, JsonList, Name, PrimaryId, Word
from statusportal.identity.vocabulary import SignInWay


class SignIn(Base):
    """A session kept on the server, so that ending it ends it everywhere.

    `proved_at` is when its person last proved who they are; what is grave asks for a fresh proof. A session that began
    with a stolen password says so, until another is chosen. One that an organisation's identity provider vouched for
    names that organisation, and reaches no other.
    """

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "person_id", "created_at"), scaled(Scale.REFERENCE))

    id: Mapped[PrimaryId]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    secret_digest: Mapped[Digest] = mapped_column(unique=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    proved_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    is_password_breached: Mapped[bool] = mapped_column(default=False)
    way: Mapped[Word] = mapped_column(default=SignInWay.PASSWORD.value)
    vouched_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    user_agent: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(60))


class PersonalToken(Base):
    """A person's token for the API; shown once, kept as a digest."""

    __tablename__ = "personal_token"
    __table_args__ = (Index(None, "person_id"), scaled(Scale.REFERENCE))

    id: Mapped[PrimaryId]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[Name]
    secret_digest: Mapped[Digest] = mapped_column(unique=True)
    scopes: Mapped[JsonList]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
    used_at: Mapped[Instant | None]
