"""Reads of second proofs: what people have, and who must have one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.policy import visible_people
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.proofs.models import CodeApp, Passkey, RecoveryCode, SecondProofReset, SecondProofRule
from statusportal.proofs.vocabulary import Means
from statusportal.work import Work


def means_of(work: Work, person_ids: Collection[UUID]) -> Mapping[UUID, Means]:
    """Tell what each person can show beside a password; whoever the actor may not see has nothing here."""
    codes = select(func.count()).where(RecoveryCode.person_id == Person.id, RecoveryCode.used_at.is_(None))
    keys = select(func.count()).where(Passkey.person_id == Person.id)
    query = select(Person.id, _has_app(), keys.scalar_subquery(), codes.scalar_subquery()).where(
        Person.id.in_(person_ids), visible_people(work.actor)
    )
    found = {row[0]: Means(row[1], row[2], row[3]) for row in work.session.execute(query)}
    return {one: found.get(one, Means()) for one in person_ids}


def my_means(work: Work) -> Means:
    """Tell what the actor has."""
    person_id = work.actor.person_id
    return means_of(work, [person_id])[person_id] if person_id else Means()


def my_passkeys(work: Work) -> Sequence[Passkey]:
    """List the actor's passkeys, the newest first."""
    query = select(Passkey).where(Passkey.person_id == work.actor.person_id)
    return work.session.scalars(query.order_by(Passkey.created_at.desc(), Passkey.id.desc())).all()


def has_second_proof() -> ColumnElement[bool]:
    """Say in SQL that the person of a query has a second proof, for lists of who lacks one."""
    return or_(_has_app(), exists().where(Passkey.person_id == Person.id))


def is_second_proof_asked(work: Work, organisation_id: UUID) -> bool:
    """Tell whether an organisation asks its people for a second proof."""
    return work.session.get(SecondProofRule, organisation_id) is not None


def owes_second_proof(work: Work, person_id: UUID) -> bool:
    """Tell whether some organisation asks this person for a second proof and there is none. Edges ask as SYSTEM."""
    asked = (
        select(SecondProofRule.organisation_id)
        .join(Organisation, Organisation.id == SecondProofRule.organisation_id)
        .where(
            or_(
                exists().where(Membership.organisation_id == Organisation.id, Membership.person_id == person_id),
                exists().where(
                    Person.id == person_id,
                    Person.staff_role.is_not(None),
                    Organisation.kind == OrganisationKind.OPERATOR.value,
                ),
            )
        )
    )
    query = select(Person.id).where(Person.id == person_id, asked.exists(), ~has_second_proof())
    return work.session.scalar(query) is not None


def my_reset_at(work: Work) -> datetime | None:
    """Tell when somebody else last took away what the actor proved themselves with; None once they chose anew."""
    return work.session.scalar(select(SecondProofReset.at).where(SecondProofReset.person_id == work.actor.person_id))


def _has_app() -> ColumnElement[bool]:
    return exists().where(CodeApp.person_id == Person.id, CodeApp.confirmed_at.is_not(None))
