"""Things that were there and are no more: taken back, ended, revoked, withdrawn, removed, erased."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from uuid import UUID

from werkzeug.test import TestResponse

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right
from statusportal.claims.service import make_claim_secret
from statusportal.discussion.service import post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.erasure.erasing import erase_organisation
from statusportal.erasure.models import ErasureWish
from statusportal.erasure.vocabulary import OwnWords
from statusportal.fleet.models import Device
from statusportal.foundation.ids import secret_digest
from statusportal.identity.models import SignIn
from statusportal.proofs.models import Passkey
from tests.factories.accounts import actor_for, make_organisation, make_person
from tests.factories.connections import make_connection
from tests.factories.fleet import make_device, make_grant
from tests.factories.stock import make_stock
from tests.matrix.visitors import VISITORS
from tests.matrix.world import World

_WEEK = timedelta(days=7)


def delete_things(world: World) -> dict[str, str]:
    """Make one more thing of each kind, delete it as people do, and return its id by the name of a route's variable."""
    return _erased(world) | _dropped(world) | Deleting(world).all()


def _erased(world: World) -> dict[str, str]:
    """Erase an organisation with its people and their words; its machine and the places of its words stay."""
    works, home = world.works, make_organisation(world.works, "gone-home")
    person, device = make_person(works, home, MemberRole.CUSTOMER_ADMIN), make_device(works, home, "G-1")
    with works.writing(actor_for(works, person)) as work:
        entry = publish_entry(work, device.id, EntryKind.QUESTION, "Who is gone?", "")
        post_comment(work, entry.id, "We are.")
    connection_id = make_connection(works, home, "files", {"folder": "/srv/g", "format": "csv"})
    with works.writing(SYSTEM) as work:
        erase_organisation(work, home.id, OwnWords.GONE)
    return {
        "organisation_id": str(home.id),
        "person_id": str(person.id),
        "device_id": str(device.id),
        "entry_id": str(entry.id),
        "connection_id": str(connection_id),
    }


def _dropped(world: World) -> dict[str, str]:
    """Drop a passkey, whose removing asks for a proof that a token cannot give, and end a session."""
    author_id = world.people["customer/author"].id
    with world.works.writing(SYSTEM) as work:
        known = {"person_id": author_id, "created_at": work.now}
        key = Passkey(credential_id=b"gone", public_key=b"p", sign_count=0, name="Lost", **known)
        times = {"seen_at": work.now, "proved_at": work.now, "expires_at": work.now + _WEEK, "ended_at": work.now}
        session = SignIn(secret_digest=secret_digest("gone"), user_agent="", address="", **known, **times)
        work.session.add_all([key, session])
        work.session.flush()
        work.session.delete(key)
        return {"passkey_id": str(key.id), "session_id": str(session.id)}


@dataclass(frozen=True, slots=True)
class Deleting:
    """Make and delete by the API, in the name of whoever may."""

    world: World

    def all(self) -> dict[str, str]:
        """Delete one thing of each kind that people delete."""
        return {
            "comment_id": self._comment(),
            "attachment_id": self._attachment(),
            "group_id": self._of_alpha("device-groups", {"name": "Lost"}),
            "grant_id": self._grant(),
            "transfer_id": self._transfer(),
            "link_id": self._of_device("share-links", {"expires_at": self._in_a_week}),
            "forwarding_id": self._forwarding(),
            "invitation_id": self._of_alpha(
                "invitations", {"email": "lost@example.com", "name": "Lost", "role": "customer"}
            ),
            "credential_id": self._of_device("credentials", {"name": "Lost"}),
            "takeout_id": self._takeout(),
            "wish_id": self._wish(),
            "claim_id": self._claim(),
        }

    @property
    def _device(self) -> str:
        return self.world.things["device_id"]

    @property
    def _in_a_week(self) -> str:
        return (self.world.works.clock.now() + _WEEK).isoformat()

    def _ask(self, who: str, method: str, path: str, **more: object) -> TestResponse:
        names = {"owner": "customer_admin/owner", "author": "customer/author"}
        visitor = next(one for one in VISITORS if one.name == names.get(who, who))
        answer = self.world.ask(visitor, method, f"/api/v1/{path}", **more)
        assert answer.status_code < 300, (method, path, answer.text)
        return answer

    def _made(self, who: str, path: str, body: dict[str, object], family: str) -> str:
        found = self._ask(who, "POST", path, json=body).json["id"]
        self._ask(who, "DELETE", f"{family}/{found}")
        return found

    def _of_alpha(self, family: str, body: dict[str, object]) -> str:
        return self._made("owner", family, {"organisation": self.world.things["organisation_id"], **body}, family)

    def _of_device(self, family: str, body: dict[str, object]) -> str:
        return self._made("owner", f"devices/{self._device}/{family}", body, family)

    def _comment(self) -> str:
        return self._made("author", f"entries/{self.world.things['entry_id']}/comments", {"body": "Lost"}, "comments")

    def _attachment(self) -> str:
        place = f"entries/{self.world.things['entry_id']}/attachments"
        sent = self._ask("author", "POST", place, data={"file": (BytesIO(b"Lost"), "lost.log")}).json["id"]
        self._ask("author", "DELETE", f"{place}/{sent}")
        return sent

    def _grant(self) -> str:
        with self.world.works.reading(SYSTEM) as work:
            device = work.session.get_one(Device, UUID(self._device))
        given = str(make_grant(self.world.works, device, self.world.organisations["guests_home"], Right.EXPORT).id)
        self._ask("owner", "DELETE", f"devices/{self._device}/grants/{given}")
        return given

    def _transfer(self) -> str:
        spare = make_device(self.world.works, self.world.organisations["owner"], "A-2")
        offered = self._ask("owner", "POST", f"devices/{spare.id}/transfers", json={"organisation": "buyer"}).json["id"]
        self._ask("owner", "POST", f"transfers/{offered}/withdraw")
        return offered

    def _forwarding(self) -> str:
        receiver = {"name": "Lost", "address": "https://1.1.1.1/", "secret": "a shared secret of ours"}
        path = f"organisations/{self.world.things['organisation_id']}/forwardings"
        begun = self._ask("owner", "POST", path, json=receiver).json["id"]
        self._ask("owner", "POST", f"forwardings/{begun}/end")
        return begun

    def _takeout(self) -> str:
        """Take the author's back: another takes its place, since one is made at a time."""
        first = self.world.things["takeout_id"]
        self._ask("author", "DELETE", f"exports/{first}")
        self.world.things["takeout_id"] = self._ask("author", "POST", "exports", json={}).json["id"]
        return first

    def _wish(self) -> str:
        leaver = make_person(self.world.works, self.world.organisations["guests_home"])
        with self.world.works.writing(SYSTEM) as work:
            wish = ErasureWish(person_id=leaver.id, own_words="kept", asked_at=work.now, due_at=work.now + _WEEK)
            work.session.add(wish)
        self._ask("admin", "DELETE", f"erasures/{wish.id}")
        return str(wish.id)

    def _claim(self) -> str:
        with self.world.works.writing(SYSTEM) as work:
            made = make_claim_secret(work, make_stock(self.world.works, "S-0").id)
        self._ask("support", "DELETE", f"claim-secrets/{made.id}")
        return str(made.id)
