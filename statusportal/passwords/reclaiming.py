"""What ends when the owner of an address takes over an account that somebody else may have made under it."""

from sqlalchemy import delete, update

from statusportal.accounts.events import AccountReclaimed
from statusportal.audit.service import record_act
from statusportal.identity.models import PersonalToken
from statusportal.proofs.models import CodeApp, Passkey, RecoveryCode
from statusportal.work import Work


def let_go_of_stranger(work: Work, event: AccountReclaimed) -> None:
    """End tokens and second proofs that were set up before the address was proved: a projection."""
    theirs = (PersonalToken.person_id == event.person_id, PersonalToken.revoked_at.is_(None))
    work.session.execute(update(PersonalToken).where(*theirs).values(revoked_at=work.now))
    for table in (CodeApp, RecoveryCode, Passkey):
        work.session.execute(delete(table).where(table.person_id == event.person_id))
    record_act(work, "account.reclaimed", "person", event.person_id)
