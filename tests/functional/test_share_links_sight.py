"""Every predicate of every room gives the holder of a link its own rows and nothing beside them."""

import importlib
import inspect
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from statusportal.access.actor import ANONYMOUS, SYSTEM, Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.accounts.inviting import invite_person
from statusportal.attachments.blobs import blob_store, keep_prepared
from statusportal.attachments.preparing import prepare_file
from statusportal.community.models import Publication
from statusportal.conditions.models import RestingCondition
from statusportal.conditions.vocabulary import Rest
from statusportal.custody.transferring import offer_transfer
from statusportal.custody.vocabulary import Receiver
from statusportal.discussion.models import Comment
from statusportal.discussion.policy import entry_of_comment
from statusportal.discussion.service import post_comment
from statusportal.enclosures.policy import comment_of_attachment, entry_of_attachment
from statusportal.enclosures.service import attach_file, enclose
from statusportal.entries.models import StatusEntry
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.erasure.models import ErasureWish
from statusportal.erasure.vocabulary import OwnWords
from statusportal.evidence.models import Evidence
from statusportal.evidence.policy import comment_of_evidence
from statusportal.federation.models import IdentityProvider, LinkedIdentity
from statusportal.fleet.models import Device
from statusportal.fleet.queries import periods_of_many
from statusportal.forwarding.service import Receiver as ForwardingReceiver
from statusportal.forwarding.service import begin_forwarding
from statusportal.foundation.ids import new_id
from statusportal.foundation.vocabulary import Health
from statusportal.groups.grouping import create_group
from statusportal.knowledge.models import Article, ArticleTrial
from statusportal.maintenance.models import PlannedDevice, PlannedWork
from statusportal.me_too.models import MeToo
from statusportal.migrations.tables import metadata
from statusportal.seen_as.service import begin_seeing_as
from statusportal.sharing.vocabulary import LinkScope
from statusportal.takeout.service import ask_for_organisation
from statusportal.telemetry.queries import readable_spans
from statusportal.tuning.models import DeviceLimit
from tests.architecture.tree import room_files
from tests.factories.accounts import actor_for, make_organisation, make_person, make_staff_actor
from tests.factories.fleet import device_token, make_device, make_grant, present_ownership_of
from tests.factories.links import holder_of_token, make_link

# A predicate by name, and the table it limits where its name does not say so.
LIMITED = {
    "visible_devices": "device",
    "present_devices": "device",
    "visible_entries": "status_entry",
    "visible_comments": "comment",
    "visible_attachments": "attachment",
    "visible_evidence": "evidence",
    "visible_documents": "search_document",
    "visible_organisations": "organisation",
    "visible_memberships": "membership",
    "visible_people": "person",
    "visible_invitations": "invitation",
    "visible_grants": "access_grant",
    "visible_connections": "connection",
    "visible_records": "audit_record",
    "visible_links": "share_link",
    "visible_transfers": "transfer",
    "visible_visits": "seen_as",
    "visible_groups": "device_group",
    "visible_wishes": "erasure_wish",
    "visible_takeouts": "takeout",
    "visible_forwardings": "forwarding",
    "visible_rests": "resting_condition",
    "visible_publications": "publication",
    "visible_works": "planned_work",
    "visible_own_limits": "device_limit",
    "visible_providers": "identity_provider",
    "visible_identities": "linked_identity",
    "visible_me_toos": "me_too",
    "visible_articles": "article",
    "visible_trials": "article_trial",
}
# What of the scene a link to a device, and one to an entry, leaves in sight.
DEVICES_ROWS = {
    "visible_devices": 1,
    "present_devices": 1,
    "visible_entries": 2,
    "visible_comments": 2,
    "visible_attachments": 2,
    "visible_evidence": 2,
    "visible_organisations": 1,
    "visible_works": 1,
}
ENTRYS_ROWS = {word: 1 for word in DEVICES_ROWS if word != "visible_works"}


class Scene:
    """Two organisations with two devices each, each with entries and words under them, and grants both ways."""

    def __init__(self, works):
        self.works = works
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        self.devices = [make_device(works, one) for one in (self.alpha, self.alpha, self.beta, self.beta)]
        self.maker = make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN)
        self.bent = make_person(works, self.beta, MemberRole.CUSTOMER_ADMIN)
        make_grant(works, self.devices[0], self.beta, Right.MANAGE)
        make_grant(works, self.devices[2], self.alpha, Right.MANAGE)
        device_token(works, self.devices[0])
        self.entries = [self._talk(device) for device in (self.devices[0], *self.devices)]
        for device in self.devices:
            self._plan(device)
        with works.writing(actor_for(works, self.maker)) as work:
            create_group(work, self.alpha.id, "The hall")
            offer_transfer(work, self.devices[1].id, Receiver("beta", organisation_id=self.beta.id))
            invite_person(work, self.alpha.id, "new@example.com", "New", MemberRole.CUSTOMER)
            ask_for_organisation(work, self.alpha.id)
            chosen = ForwardingReceiver(name="Kilde", address="https://1.1.1.1/", secret="a shared secret of ours")
            begin_forwarding(work, self.alpha.id, chosen)
        with works.writing(SYSTEM) as work:
            now = work.now
            work.session.add(
                ErasureWish(person_id=self.bent.id, own_words=OwnWords.KEPT.value, asked_at=now, due_at=now)
            )
            work.session.add(self._provider(now))
            work.session.flush()
            known = {"organisation_id": self.alpha.id, "issuer": "https://id.example", "subject": "mette"}
            work.session.add(LinkedIdentity(**known, person_id=self.maker.id, created_at=now))
            ownership = present_ownership_of(works, self.devices[0])
            named = {"organisation_id": self.alpha.id, "device_id": self.devices[0].id, "ownership_id": ownership.id}
            words = {"rest": Rest.OUT_OF_SERVICE, "reason": "Stocktaking", "health": Health.OFF_SPEC}
            work.session.add(RestingCondition(**named, code="T-1", **words, at=now))
            self._count_apart(work, named)
            work.session.add(self._publication(now))
            work.session.add(DeviceLimit(**named, code="T-1", high=9.0, reason="Beside the furnace", at=now))

        aisha = replace(make_staff_actor(works, StaffRole.SUPPORT), session_id=self.alpha.id)
        with works.writing(aisha) as work:
            begin_seeing_as(work, self.maker.id, self.alpha.id, "Looking into it", 30)

    def _publication(self, now):
        words = {"title": "Why?", "body_markdown": "", "body_html": "", "alias": "Heron", "kind": "question"}
        times = {"began_at": now, "shared_at": now, "last_word_at": now}
        return Publication(model_id=self.devices[0].model_id, state="standing", **words, **times)

    def _count_apart(self, work, named):
        """Say me too for the first device, and how an article went on it."""
        said = {"entry_id": self.entries[2].id, "publication_id": new_id(), "said_at": work.now, "snapshot": {}}
        work.session.add(MeToo(**named, **said))
        model = {"model_id": self.devices[0].model_id, "latest_number": 1, "published_number": 1}
        article = Article(id=new_id(), **model, created_at=work.now)
        work.session.add(article)
        work.session.flush()
        tried = {"article_id": article.id, "publication_id": new_id(), "outcome": "worked", "said_at": work.now}
        work.session.add(ArticleTrial(**named, **tried))

    def _provider(self, now):
        return IdentityProvider(
            organisation_id=self.alpha.id,
            name="Alpha",
            issuer="https://id.example",
            client_id="portal",
            scopes=[],
            domains=[],
            proving_domains=[],
            is_enabled=True,
            changed_at=now,
        )

    def _plan(self, device):
        """Write planned work without the entry that stands for it: entries are counted by themselves."""
        owner = present_ownership_of(self.works, device)
        with self.works.writing(SYSTEM) as work:
            begins = work.now + timedelta(days=1)
            words = {"kind": "window", "title": "Stocktaking", "state": "planned", "proposed_by": "customer"}
            times = {"from_at": begins, "to_at": begins + timedelta(hours=2), "created_at": work.now}
            row = PlannedWork(organisation_id=owner.organisation_id, **words, **times)
            work.session.add(row)
            work.session.flush()
            named = {"organisation_id": owner.organisation_id, "device_id": device.id, "ownership_id": owner.id}
            work.session.add(PlannedDevice(work_id=row.id, **named))

    def _talk(self, device):
        owner = self.maker if device in self.devices[:2] else self.bent
        with self.works.writing(actor_for(self.works, owner)) as work:
            entry = publish_entry(work, device.id, EntryKind.QUESTION, "Why?", "")
            comment = post_comment(work, entry.id, "Because.")
            picture = prepare_file("hot.log", b"12:31 flow 1.9")
            row = attach_file(work, entry.id, picture, keep_prepared(blob_store(work.settings), picture))
            enclose(work, comment, [row.id])
            work.session.add(self._pinned(comment, device))
            return entry

    def _pinned(self, comment, device):
        place = {"organisation_id": comment.organisation_id, "entry_id": comment.entry_id, "comment_id": comment.id}
        words = {"signal": "temperature", "label_en": "Temperature", "label_da": "Temperatur", "unit": "°C"}
        found = {"from_at": comment.created_at, "value": 9.0, "points": [[1, 9.0]], "place": 0, "number": 1}
        return Evidence(**place, **words, **found, device_id=device.id, letter="A")

    def holder(self, thing, scope=LinkScope.COMMENT):
        _, token = make_link(self.works, actor_for(self.works, self.maker), thing, scope)
        return holder_of_token(self.works, token)


@pytest.fixture
def scene(works):
    return Scene(works)


def predicates():
    """Find every function of a policy that limits rows for an actor, wherever it stands."""
    found = {}
    for name in room_files():
        if name.endswith("/policy.py") and not name.endswith("access/policy.py"):
            module = importlib.import_module(name.removesuffix(".py").replace("/", "."))
            for word, function in inspect.getmembers(module, inspect.isfunction):
                first = next(iter(inspect.signature(function).parameters.values()), None)
                is_ours = function.__module__ == module.__name__ and word.startswith(("visible_", "present_"))
                if is_ours and first is not None and first.annotation is Actor:
                    found[word] = function
    return found


def seen(works, actor, word, function):
    table = metadata.tables[LIMITED[word]]
    query = select(func.count()).select_from(table)
    if word == "visible_comments":
        query = select(func.count()).select_from(Comment).join(StatusEntry, entry_of_comment())
    if word == "visible_attachments":
        query = query.join(StatusEntry, entry_of_attachment()).outerjoin(Comment, comment_of_attachment())
    if word == "visible_evidence":
        query = query.join(Comment, comment_of_evidence()).join(StatusEntry, entry_of_comment())
    if word == "visible_works":
        of_device = (PlannedWork.organisation_id == PlannedDevice.organisation_id) & (
            PlannedWork.id == PlannedDevice.work_id
        )
        query = select(func.count()).select_from(PlannedWork).join(PlannedDevice, of_device)
    if word == "visible_documents":
        entry = (table.c.organisation_id == StatusEntry.organisation_id) & (table.c.entry_id == StatusEntry.id)
        query = select(func.count()).select_from(table).join(StatusEntry, entry)
    given = [actor, works.clock.now()][: len(inspect.signature(function).parameters)]
    # As the portal's own job: the fine wall stands alone.
    with works.reading(SYSTEM) as work:
        return work.session.scalar(query.where(function(*given)))


def test_every_predicate_is_known_here():
    assert set(predicates()) == set(LIMITED)


@pytest.mark.parametrize(("place", "expected"), [("device", DEVICES_ROWS), ("entry", ENTRYS_ROWS)])
def test_every_predicate_gives_a_link_its_own_rows_alone(works, scene, place, expected):
    shared = scene.devices[0] if place == "device" else scene.entries[0]
    holder = scene.holder(shared)

    rows = {word: seen(works, holder, word, function) for word, function in predicates().items()}
    everything = {word: seen(works, SYSTEM, word, function) for word, function in predicates().items()}

    assert {word: count for word, count in rows.items() if count} == expected
    assert {word for word, count in everything.items() if count == 0} == {"visible_connections"}


def test_nobody_sees_nothing_even_where_grants_to_organisations_stand(works, scene):
    rows = {word: seen(works, ANONYMOUS, word, function) for word, function in predicates().items()}

    assert {word: count for word, count in rows.items() if count} == {}
    assert scene.entries


def test_rows_of_a_link_are_the_shared_ones(works, scene):
    of_device, of_entry = scene.holder(scene.devices[0]), scene.holder(scene.entries[0])

    def entries(actor):
        visible = predicates()["visible_entries"](actor, works.clock.now())
        with works.reading(actor) as work:
            return set(work.session.scalars(select(StatusEntry.id).where(visible)))

    def devices(actor):
        visible = predicates()["visible_devices"](actor, works.clock.now())
        with works.reading(actor) as work:
            return set(work.session.scalars(select(Device.id).where(visible)))

    assert entries(of_device) == {scene.entries[0].id, scene.entries[1].id}
    assert entries(of_entry) == {scene.entries[0].id}
    assert devices(of_device) == devices(of_entry) == {scene.devices[0].id}


def test_samples_are_open_to_a_device_link_only(works, scene):
    ids = [device.id for device in scene.devices]
    of_device, of_entry = scene.holder(scene.devices[0]), scene.holder(scene.entries[0])

    with works.reading(of_device) as work:
        shown = {one for one, spans in readable_spans(work, ids).items() if spans}
        rights = {period.rights for period in periods_of_many(work, ids)[ids[0]]}
    with works.reading(of_entry) as work:
        hidden = {one for one, spans in readable_spans(work, ids).items() if spans}

    assert (shown, hidden) == ({ids[0]}, set())
    assert rights == {Right.VIEW | Right.COMMENT}


def test_link_holds_no_permission_of_any_role(works, scene):
    holder = scene.holder(scene.devices[0])

    held = [one for one in Permission if actor_holds(holder, one, None) or actor_holds(holder, one, scene.alpha.id)]

    assert held == []
    assert (holder.is_staff, holder.is_operator, holder.organisations, holder.person_id) == (
        False,
        False,
        frozenset(),
        None,
    )


def test_database_shows_a_link_one_ownership_even_without_a_condition(works, scene):
    if works.engine.dialect.name != "postgresql":
        return
    make_link(works, actor_for(works, scene.bent), scene.devices[2])
    make_link(works, actor_for(works, scene.maker), scene.devices[1])
    holder = scene.holder(scene.devices[0])

    with works.reading(holder) as work:
        devices = {
            table: list(work.session.execute(text(f"SELECT DISTINCT device_id FROM {table}")).scalars())  # noqa: S608 - our tables
            for table in ("status_entry", "ownership", "share_link")
        }
        count = {
            table: work.session.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - our tables
            for table in ("comment", "search_document", "access_grant", "membership", "invitation", "device_credential")
        }

    assert devices == {table: [scene.devices[0].id] for table in devices}
    assert count == {
        "comment": 2,
        "search_document": 4,
        "access_grant": 0,
        "membership": 0,
        "invitation": 0,
        "device_credential": 0,
    }


def test_reach_ends_where_the_makers_time_ends(works, scene):
    gamma = make_organisation(works, "gamma")
    guest = make_person(works, gamma)
    until = works.clock.now() + timedelta(hours=2)
    make_grant(works, scene.devices[1], gamma, Right.MANAGE, to_at=until)
    _, token = make_link(works, actor_for(works, guest), scene.devices[1])

    holder = holder_of_token(works, token)

    assert holder is not None
    assert (holder.link.to_at, holder.link.is_inside) == (until, False)
