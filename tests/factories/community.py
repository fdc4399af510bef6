"""A model with enough owners for a community, and one of them with much to hide."""

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.models import Person
from statusportal.accounts.service import create_organisation
from statusportal.catalogue.models import DeviceModel
from statusportal.community.drafting import draft_of
from statusportal.community.models import Publication
from statusportal.community.sharing import share_entry
from statusportal.community.vocabulary import SharedWords
from statusportal.discussion.service import post_comment
from statusportal.entries.models import StatusEntry
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.fleet.models import Device
from statusportal.work import Works
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.fleet import make_device, make_model
from tests.factories.stock import operator_of

# What tells who the owner is: no part of the community may hold one of these, however it is written.
TELLING = (
    *("engdal", "mejeri", "kragh", "mette", "hansen", "bodil", "am3-20417", "am3 20417", "line b", "videbæk"),
    *("skjernvej", "12 34 56 78", "10.20.30.40", "m.kragh", "dairy.example", "log-tuesday", "12:34", "17 november"),
)
WORDS = (
    "Here at ENGDAL-Mejeri in Videbæk, Mettes machine am3 20417 (Milk analyser 2, line B) reads 3.58 % fat since 12:34 "
    "on 17 November. Call +45 12 34 56 78, m.kragh@dairy.example, see http://10.20.30.40/x and log-tuesday.csv."
)


class Community:
    """Owners of one model; the first has an entry full of names, and an administrator, a member and staff under it."""

    def __init__(self, works: Works, owners: int = 6) -> None:
        self.works = works
        operator_of(works)
        self.model: DeviceModel = make_model(works, "aurora-m3")
        with works.writing(SYSTEM) as work:
            self.owner = create_organisation(work, "engdal", "Engdal Mejeri")
        self.device: Device = make_device(
            works, self.owner, "AM3-20417", self.model, name="Milk analyser 2, line B", site="Skjernvej 4, Videbæk"
        )
        words = {"name": "Mette Kragh", "email": "m.kragh@dairy.example", "password": PASSWORD}
        self.chief = make_person(works, self.owner, MemberRole.CUSTOMER_ADMIN, **words)
        self.member = make_person(works, self.owner, name="Bodil Hansen", password=PASSWORD)
        self.expert = make_person(works, staff_role=StaffRole.EXPERT, name="Birgit Vestergaard", password=PASSWORD)
        self.others = [self._owner(number) for number in range(1, owners)]
        self.stranger = make_person(
            works, make_organisation(works, "stranger"), MemberRole.CUSTOMER_ADMIN, password=PASSWORD
        )
        self.entry: StatusEntry = self.ask("Fat too high at Engdal", WORDS)
        self.say(self.member, "Bodil here: " + WORDS)
        self.say(self.expert, "Mette, look at the flow of AM3-20417.")

    def _owner(self, number: int) -> Person:
        organisation = make_organisation(self.works, f"owner-{number}")
        make_device(self.works, organisation, f"AM3-3000{number}", self.model)
        words = {"name": f"Otto Lund{number}", "password": PASSWORD}
        return make_person(self.works, organisation, MemberRole.CUSTOMER_ADMIN, **words)

    def ask(self, title: str, body: str) -> StatusEntry:
        """Let the owner's administrator ask something."""
        with self.works.writing(actor_for(self.works, self.chief)) as work:
            return publish_entry(work, self.device.id, EntryKind.QUESTION, title, body, Audience.ORGANISATION)

    def say(self, person: Person, body: str, audience: Audience | None = None) -> None:
        """Let somebody comment on the entry."""
        with self.works.writing(actor_for(self.works, person)) as work:
            post_comment(work, self.entry.id, body, audience=audience)

    def share(self, entry: StatusEntry | None = None) -> Publication:
        """Let the owner share an entry as the draft has it."""
        entry = entry or self.entry
        with self.works.writing(actor_for(self.works, self.chief)) as work:
            draft = draft_of(work, entry.id)
            lines = {line.comment_id: line.after for line in draft.lines}
            return share_entry(work, entry.id, SharedWords(draft.title, draft.body, lines))
