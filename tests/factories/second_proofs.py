"""People with a second proof, made by the portal's own verbs."""

import pyotp

from statusportal.accounts.models import Person
from statusportal.proofs.codes import STEP_S
from statusportal.proofs.enrolling import begin_enrolment, confirm_enrolment
from statusportal.work import Works
from tests.factories.accounts import actor_for


def code_at(works: Works, secret: str, steps_ahead: int = 0) -> str:
    """Return what an app shows now, or some steps of half a minute later."""
    return pyotp.TOTP(secret).at(int(works.clock.now().timestamp()) + STEP_S * steps_ahead)


def with_app(works: Works, person: Person) -> tuple[str, tuple[str, ...]]:
    """Give a person an app; its secret and the recovery codes come back. The present step's code is used up."""
    with works.writing(actor_for(works, person)) as work:
        enrolment = begin_enrolment(work)
    with works.writing(actor_for(works, person)) as work:
        codes = confirm_enrolment(work, code_at(works, enrolment.secret))
    return enrolment.secret, codes
