"""The chain: each link proves one act and everything linked before it.

A link is HMAC-SHA-256 over the link before and the act's canonical bytes, under a key that never lies in the database.
Who changes, takes out, puts in, reorders or cuts rows without the key breaks it; a head, sealed with the same key and
kept outside the table as well, says how long it must be.
Source: RFC 2104; docs/adr/0024-audit-chain.md.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from statusportal.audit.vocabulary import Breach, Fault

GENESIS = "0" * 64
_KEY_ID_SIGNS = 16


class Act(NamedTuple):
    """What is linked of an act: every column of its row, in this order for ever; a new one goes to the end."""

    id: UUID
    at: datetime
    act: str
    actor_kind: str
    actor_id: UUID | None
    organisation_id: UUID | None
    subject_kind: str
    subject_id: str
    codes: Mapping[str, Any]
    device_id: UUID | None = None

    def canonical(self) -> bytes:
        """Write the act as bytes that do not depend on a database: JSON, keys in order, the instant in UTC.

        Columns that came after the first links are left out where they are empty, so that older links still prove.
        """
        whole = self if self.device_id is not None else self[: self._fields.index("device_id")]
        return msgspec.json.encode(list(whole), order="sorted")


class Link(NamedTuple):
    """A link as it is stored, with the act it names; None when there is no such act."""

    position: int
    record_id: UUID
    key_id: str
    digest: str
    act: Act | None


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain reached at an instant, sealed."""

    position: int
    digest: str
    key_id: str
    linked_at: datetime
    seal: str


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of the log: the first signs, all prove. A key is called by a digest of itself."""

    keys: Mapping[str, bytes]

    @classmethod
    def of(cls, setting: str) -> "Keyring":
        """Read the setting: keys parted by blanks or lines, the newest first."""
        return cls({_key_id(one): one.encode() for one in setting.split()})

    @property
    def signing_id(self) -> str:
        """Name the key that signs."""
        return next(iter(self.keys))

    def link(self, key_id: str, previous: str, act: Act) -> str:
        """Return the link that follows another."""
        return hmac.digest(self.keys[key_id], bytes.fromhex(previous) + act.canonical(), "sha256").hex()

    def seal(self, position: int, digest: str, linked_at: datetime) -> Head:
        """Seal how far the chain reaches."""
        key_id = self.signing_id
        return Head(position, digest, key_id, linked_at, self._seal(key_id, position, digest, linked_at))

    def is_sealed(self, head: Head) -> bool:
        """Tell whether a head was written by this portal."""
        if head.key_id not in self.keys:
            return False
        seal = self._seal(head.key_id, head.position, head.digest, head.linked_at)
        return hmac.compare_digest(seal, head.seal)

    def _seal(self, key_id: str, position: int, digest: str, linked_at: datetime) -> str:
        # Words before the values, so that no act's bytes can ever be read as a head's.
        content = msgspec.json.encode(["head of the audit log", position, digest, linked_at])
        return hmac.digest(self.keys[key_id], content, "sha256").hex()


def breaches(links: Iterable[Link], keyring: Keyring, heads: Mapping[str, Head | None]) -> Iterator[Breach]:
    """Walk the chain once, from its beginning, and name whatever does not follow.

    Shape: `links` ascend by position; `heads` are the sealed heads by the place they are kept in, None where there is
    none. After a gap the next link is taken on trust, since what it follows is gone; the gap itself is named.
    """
    kept = {name: head for name, head in heads.items() if head is not None}
    met: dict[int, str] = {0: GENESIS}
    wanted = {head.position for head in kept.values()}
    position, previous = 0, GENESIS
    for link in links:
        if link.position > position + 1:
            yield Breach(Fault.MISSING, position + 1, last=link.position - 1)
        fault = _fault_of(link, keyring, previous if link.position == position + 1 else None)
        if fault is not None:
            yield Breach(fault, link.position, link.record_id)
        position, previous = link.position, link.digest
        if position in wanted:
            met[position] = previous
    for name, head in heads.items():
        fault = _fault_of_head(head, keyring, position, met)
        if fault is not None:
            yield Breach(fault, position, last=head.position if head else None, place=name)


def _fault_of(link: Link, keyring: Keyring, previous: str | None) -> Fault | None:
    if link.act is None:
        return Fault.ACT_GONE
    if link.key_id not in keyring.keys:
        return Fault.KEY_UNKNOWN
    if previous is not None and not hmac.compare_digest(keyring.link(link.key_id, previous, link.act), link.digest):
        return Fault.CHANGED
    return None


def _fault_of_head(head: Head | None, keyring: Keyring, position: int, met: Mapping[int, str]) -> Fault | None:
    if head is None:
        return Fault.HEAD_MISSING if position else None
    if not keyring.is_sealed(head):
        return Fault.HEAD_FORGED
    if head.position > position:
        return Fault.CUT
    return None if met.get(head.position) == head.digest else Fault.REPLACED


def _key_id(key: str) -> str:
    return hashlib.sha256(b"audit key " + key.encode()).hexdigest()[:_KEY_ID_SIGNS]
