"""Reads of claims, for who makes the secrets. The secrets themselves are kept nowhere."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.claims.models import ClaimSecret
from statusportal.claims.vocabulary import ClaimState
from statusportal.fleet.queries import device_for
from statusportal.work import Work


def claim_secrets_of(work: Work, device_id: UUID) -> Sequence[ClaimSecret]:
    """List the claim secrets of a device, the newest first; spent ones too.

    Raises: NotFound, Forbidden.
    """
    device = device_for(work, device_id)
    require(work.actor, Permission.CLAIM_ISSUE)
    query = select(ClaimSecret).where(ClaimSecret.device_id == device.id)
    return work.session.scalars(query.order_by(ClaimSecret.created_at.desc(), ClaimSecret.id.desc())).all()


def is_open(now: datetime) -> ColumnElement[bool]:
    """Limit to secrets that open their device."""
    return and_(ClaimSecret.used_at.is_(None), ClaimSecret.revoked_at.is_(None), ClaimSecret.expires_at > now)


def state_of(row: ClaimSecret, now: datetime) -> ClaimState:
    """Say what became of a secret."""
    if row.used_at is not None:
        return ClaimState.USED
    if row.revoked_at is not None:
        return ClaimState.REVOKED
    return ClaimState.OPEN if row.expires_at > now else ClaimState.EXPIRED
