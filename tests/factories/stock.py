"""The operator's stock: machines that nobody has taken yet, and the secrets to take them with."""

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.accounts.models import Organisation
from statusportal.accounts.queries import find_operator
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.catalogue.models import DeviceModel
from statusportal.claims.service import make_claim_secret
from statusportal.claims.vocabulary import MadeSecret
from statusportal.fleet.models import Device
from statusportal.work import Works
from tests.factories.accounts import make_organisation, make_staff_actor
from tests.factories.fleet import make_device


def operator_of(works: Works) -> Organisation:
    """Return the operator's organisation, made at the first call."""
    with works.reading(SYSTEM) as work:
        known = find_operator(work)
    return known or make_organisation(works, "maker", OrganisationKind.OPERATOR)


def make_stock(works: Works, serial: str = "", model: DeviceModel | None = None) -> Device:
    """Make a device that the operator has from the beginning."""
    return make_device(works, operator_of(works), serial, model)


def claim_secret(works: Works, device: Device, **more) -> MadeSecret:
    """Make a claim secret as support does."""
    with works.writing(make_staff_actor(works, StaffRole.SUPPORT)) as work:
        return make_claim_secret(work, device.id, **more)
