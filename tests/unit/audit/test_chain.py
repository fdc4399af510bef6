"""A chain holds as long as nobody touches it, and says where somebody did."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from statusportal.audit.chain import GENESIS, Act, Keyring, Link, breaches
from statusportal.audit.vocabulary import Fault

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
OLD, NEW = "an older key of the log, long enough", "a newer key of the log, long enough"
KEYRING = Keyring.of(f"{NEW}\n{OLD}")


def act(number: int, **changes) -> Act:
    given = Act(
        UUID(int=number), NOON, "device.seen", "person", UUID(int=7), None, "device", "17", {"role": "x", "count": 2}
    )
    return given._replace(**changes)


def chained(count: int, keyring: Keyring = KEYRING) -> list[Link]:
    links, digest = [], GENESIS
    for position in range(1, count + 1):
        digest = keyring.link(keyring.signing_id, digest, act(position))
        links.append(Link(position, UUID(int=position), keyring.signing_id, digest, act(position)))
    return links


def head_of(links: list[Link]):
    return KEYRING.seal(links[-1].position, links[-1].digest, NOON)


def faults(links, head, keyring=KEYRING):
    return [(one.fault, one.position) for one in breaches(links, keyring, {"here": head})]


def test_whole_chain_has_no_breach():
    links = chained(5)

    assert faults(links, head_of(links)) == []
    assert faults([], None) == []


def test_head_that_lags_proves_what_it_knows():
    links = chained(5)

    assert faults(links, head_of(links[:3])) == []
    assert faults(links[:2], head_of(links)) == [(Fault.CUT, 2)]
    assert faults([], head_of(links)) == [(Fault.CUT, 0)]


def test_chain_made_anew_with_the_same_key_is_not_the_one_that_the_head_names():
    links = chained(4)
    other = KEYRING.link(KEYRING.signing_id, GENESIS, act(9))

    found = faults([Link(1, UUID(int=9), KEYRING.signing_id, other, act(9))], head_of(links[:1]))

    assert found == [(Fault.REPLACED, 1)]


def test_head_without_its_seal_and_missing_head_are_found():
    links = chained(2)
    head = head_of(links)

    assert faults(links, replace(head, position=1)) == [(Fault.HEAD_FORGED, 2)]
    assert faults(links, replace(head, linked_at=NOON + timedelta(seconds=1))) == [(Fault.HEAD_FORGED, 2)]
    assert faults(links, replace(head, key_id="elsewhere")) == [(Fault.HEAD_FORGED, 2)]
    assert faults(links, None) == [(Fault.HEAD_MISSING, 2)]


def test_links_of_an_older_key_are_proved_by_it_and_unknown_without_it():
    first = chained(2, Keyring.of(OLD))
    digest = KEYRING.link(KEYRING.signing_id, first[-1].digest, act(3))
    links = [*first, Link(3, UUID(int=3), KEYRING.signing_id, digest, act(3))]

    assert faults(links, head_of(links)) == []
    assert faults(links, head_of(links), Keyring.of(NEW)) == [(Fault.KEY_UNKNOWN, 1), (Fault.KEY_UNKNOWN, 2)]


def test_canonical_bytes_forget_the_order_of_codes_and_nothing_else():
    one, other = act(1, codes={"a": 1, "b": [2]}), act(1, codes={"b": [2], "a": 1})
    changes = {
        "id": UUID(int=2),
        "at": NOON + timedelta(microseconds=1),
        "act": "x",
        "actor_kind": "x",
        "actor_id": None,
        "organisation_id": UUID(int=1),
        "subject_kind": "x",
        "subject_id": "x",
        "codes": {},
        "device_id": UUID(int=1),
    }

    assert one.canonical() == other.canonical()
    assert list(changes) == list(Act._fields)
    assert act(1).canonical() not in [act(1, **{name: value}).canonical() for name, value in changes.items()]


def changed(links, index):
    links[index] = links[index]._replace(act=links[index].act._replace(subject_id="18"))
    return {index + 1}


def act_deleted(links, index):
    links[index] = links[index]._replace(act=None)
    return {index + 1}


def deleted(links, index):
    del links[index]
    return {index + 1, len(links)}  # at the end only the head knows


def deleted_and_closed_up(links, index):
    del links[index]
    links[index:] = [link._replace(position=link.position - 1) for link in links[index:]]
    return {index + 1, len(links)}


def inserted(links, index):
    forged = Link(index + 1, UUID(int=99), KEYRING.signing_id, "f" * 64, act(99))
    links[index:] = [forged, *(link._replace(position=link.position + 1) for link in links[index:])]
    return {index + 1}


def swapped(links, index):
    one, other = links[index], links[index - 1]
    links[index] = one._replace(record_id=other.record_id, act=other.act)
    links[index - 1] = other._replace(record_id=one.record_id, act=one.act)
    return {index + 1, (index - 1) % len(links) + 1}


def cut(links, index):
    del links[index:]
    return {len(links)}


TAMPERINGS = [changed, act_deleted, deleted, deleted_and_closed_up, inserted, swapped, cut]


@given(count=st.integers(2, 12), tamper=st.sampled_from(TAMPERINGS), where=st.integers(0, 11))
def test_tampering_is_found_where_it_happened(count, tamper, where):
    links = chained(count)
    head = head_of(links)

    places = tamper(links, where % count)
    found = faults(links, head)

    assert found
    assert {position for _, position in found} & places
