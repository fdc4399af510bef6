"""Replacing a token without a silent hour."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from statusportal.credentials.errors import CredentialEnded
from statusportal.credentials.issuing import end_credential, keep_token
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.queries import credential_for
from statusportal.credentials.vocabulary import TOKENS
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.work import Work

_LONGEST_OVERLAP = timedelta(days=90)


def rotate_credential(
    work: Work, credential_id: UUID, overlap: timedelta | None = None
) -> tuple[DeviceCredential, str]:
    """Issue a token beside an older one, which works until the new one is first used, or for `overlap` if one is given.

    Shape: an earlier successor that was never used dies: it got lost on its way to the machine.
    Raises: NotFound, Forbidden, Invalid, CredentialEnded.
    """
    old = credential_for(work, credential_id)
    if old.kind not in TOKENS:
        raise Invalid.field("/id", Sentence("is a certificate. Add the new one, then revoke this one"))
    if old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= work.now):
        raise CredentialEnded(Sentence("This credential opens nothing any more. Make a new one."))
    if overlap is not None and not timedelta(0) < overlap <= _LONGEST_OVERLAP:
        raise Invalid.field("/overlap_s", Sentence("must be between 1 second and 90 days"))
    _end_unused_successors(work, old)
    if overlap is not None:
        old.expires_at = work.now + overlap
    row = DeviceCredential(
        organisation_id=old.organisation_id,
        kind=old.kind,
        device_id=old.device_id,
        replaces_id=old.id if overlap is None else None,
    )
    return keep_token(work, row, old.name, None)


def _end_unused_successors(work: Work, old: DeviceCredential) -> None:
    query = select(DeviceCredential).where(
        DeviceCredential.organisation_id == old.organisation_id,
        DeviceCredential.replaces_id == old.id,
        DeviceCredential.used_at.is_(None),
        DeviceCredential.revoked_at.is_(None),
    )
    for row in work.session.scalars(query).all():
        end_credential(work, row)
