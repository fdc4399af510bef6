"""Somebody of the operator who sees as a customer, and what there is to see."""

import msgspec

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.discussion.service import post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import browser_of
from tests.factories.fleet import make_device

REASON = "The reminder does not reach us"


class Visit:
    """Two customers with an entry each, an internal note under the first, and somebody in both organisations."""

    def __init__(self, works):
        self.works = works
        works.settings = msgspec.structs.replace(works.settings, requests_per_minute=0)
        self.app = create_app(works.settings, works)
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        self.device, self.other = make_device(works, self.alpha, name="Freezer"), make_device(works, self.beta)
        self.mette = make_person(works, self.alpha, name="Mette Kragh", password=PASSWORD)
        self.boss = make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN, name="Søren", password=PASSWORD)
        self.aisha = make_person(works, staff_role=StaffRole.SUPPORT, name="Aisha Rahman", password=PASSWORD)
        self.entry, self.foreign = self._ask(self.device), self._ask(self.other)
        with works.writing(actor_for(works, self.aisha)) as work:
            self.note = post_comment(work, self.entry.id, "They have not paid.", audience=Audience.INTERNAL)
        self.support = browser_of(self.app, self.aisha)

    def _ask(self, device):
        with self.works.writing(actor_for(self.works, self.aisha)) as work:
            return publish_entry(work, device.id, EntryKind.QUESTION, f"About {device.name or device.serial}", "")

    def begin(self, person=None, organisation=None, browser=None, **fields):
        person, organisation = person or self.mette, organisation or self.alpha
        page = f"/support/customers/{organisation.id}/people/{person.id}/see-as"
        return (browser or self.support).send(page, page, **{"reason": REASON, "minutes": "30", **fields})

    def acts(self):
        with self.works.reading(SYSTEM) as work:
            rows = work.session.query(AuditRecord).filter(AuditRecord.act.startswith("seen_as."))
            return list(rows.order_by(AuditRecord.at, AuditRecord.id))

    def session(self):
        return self.support.client.get("/api/v1/session").json

    def call(self, method, path, **body):
        headers = {"X-CSRFToken": self.session()["csrf_token"]}
        return self.support.client.open(path, method=method, headers=headers, **body)
