"""A room has only the files that the anatomy names, and its door holds one paragraph."""

import ast
import re

from tests.architecture.tree import PORTAL, ROOM_FILES, parsed, read, room_files, room_of, sentences

ANATOMY = frozenset({"__init__", "vocabulary", "models", "policy", "queries", "service", "events", "errors"})

# Verbs split by family when a service grows: publishing.py, resolving.py, signing_in.py.
VERB_FAMILY = re.compile(r"[a-z_]+ing(?:_[a-z]+)?")

# Rooms below the product: each is a closed list of its own.
CLOSED = {
    "foundation": {
        "errors": "the one tree of errors",
        "clock": "the only reader of the wall clock",
        "ids": "UUIDv7 made by the application",
        "events": "the base of every fact",
        "paging": "cursor and page",
        "vocabulary": "words that every room shares",
    },
    "db": {
        "engine": "engine and session, one URL",
        "columns": "column words, so that models read as prose",
        "base": "the declarative base, its naming convention and the declaration of scale",
        "outbox": "the one table that belongs to no room",
        "walls": "row-level security for PostgreSQL",
    },
    "access": {
        "actor": "who asks, detached from the ORM",
        "counting": "counters in memory, which every door of a limit shares",
        "permissions": "every right, in one enumeration",
        "policy": "how predicates are joined and required",
        "vocabulary": "roles, rights and kinds of actor",
    },
}

# Files beside the anatomy, (room, file): reason. A pure file holds no session, no clock and no IO.
EXTRA = {
    ("insight", "communities"): "a read for one screen: what owners share, by its words, and how their machines are",
    ("insight", "figures"): "a read for one screen: how much owners share, and about what",
    ("overview", "access"): "a read for one screen: who can see a device",
    ("derivation", "derive"): "pure: samples and rules in, conditions out",
    ("derivation", "limits"): "pure: what a limit says about a value",
    ("derivation", "timers"): "pure: when silence becomes stale and offline",
    ("reasons", "sentences"): "pure: reasons in, plain sentences in two languages out",
    ("availability", "calendar"): "pure: a zone's days and months, as long as they were",
    ("availability", "tally"): "pure: intervals of health in, how time was spent out",
    ("telemetry", "downsample"): "pure: points in, fewer points of the same shape out",
    ("telemetry", "buckets"): "pure: calendar-aware intervals",
    ("identity", "browsers"): "pure: what a browser calls itself in, a few words out",
    ("notifications", "letters"): "pure: facts in, a letter in two languages out",
    ("news", "plan"): "pure: what happened and who listens in, deliveries out",
    ("proofs", "codes"): "pure: secrets and codes in, steps of an app's clock out",
    ("identity", "passwords"): "pure: hashing and its parameters",
    ("passwords", "rules"): "pure but for the operator's list: which passwords are refused",
    ("identity", "breaches"): "the operator's list of stolen passwords, read from the disk and from nowhere else",
    ("identity", "actors"): "the way from a secret to an actor, for edges only; no verb and no list for a screen",
    ("credentials", "certificates"): "pure: an upload or a proxy's header in, what a certificate says out",
    ("claims", "secrets"): "pure: making and reading of secrets as people type them",
    ("seen_as", "actors"): "the way from a session to the actor with whose eyes it reads, for edges only",
    ("sharing", "actors"): "the way from a link's secret to an actor, for edges only",
    ("fleet", "reach"): "the way from an actor to the organisations whose rows they may be shown, for edges only",
    ("administration", "people"): "queries of one page family: people, invitations and organisations",
    ("administration", "devices"): "queries of one page family: devices, models and machine tokens",
    ("administration", "looking"): "queries of one page family: what a customer is told of the log",
    ("administration", "trees"): "a read for one page: the tree in which an organisation stands",
    ("administration", "audit"): "queries of one page family: the log with the names its ids still have",
    ("overview", "labels"): "a read for strangers: what an owner lets a label tell",
    ("overview", "devices"): "queries of one page family: my devices and a device",
    ("anonymity", "masks"): "pure: a text and known words in, a masked text out",
    ("anonymity", "aliases"): "pure: a key and who it is in, a name to speak under out",
    ("audit", "chain"): "pure: acts and links in, digests and breaches out",
    ("connections", "secrets"): "pure: sealing of secrets at rest",
    ("attachments", "blobs"): "the port to where bytes lie, and the folder behind it",
    ("attachments", "films"): "pure: a film in, the same without what it tells of its making out",
    ("attachments", "logs"): "pure: bytes in, the text they hold out",
    ("attachments", "names"): "pure: what a sender called a file in, a harmless name out",
    ("attachments", "pictures"): "pure: a picture in, its pixels drawn anew out",
    ("attachments", "signatures"): "pure: first bytes in, what a file is out",
    ("evidence", "letters"): "pure: an audience and a number in, what stands on a pin out",
    ("prose", "markdown"): "pure: text in, safe HTML out",
    ("mentions", "calling"): "pure: names and texts in, who is called and where out",
    ("prose", "references"): "pure: HTML in, HTML out with titles where addresses stood",
    ("discussion", "tree"): "pure: comments in, reading order out",
    ("knowledge", "firmware"): "pure: a firmware and a range in, whether it lies there out",
    ("lexicon", "terms"): "pure: a query in, words to look for out",
    ("lexicon", "stems"): "pure: words in, their stems in two languages out",
    ("lexicon", "tags"): "pure: ids and codes in, what a document is filed under out",
    ("search", "operators"): "pure: what somebody typed in, words and filters out",
    ("search", "facets"): "pure: hits in, counts to narrow by out",
    ("lexicon", "excerpt"): "pure: text and found words in, marked HTML out",
    ("entries", "snapshot"): "pure: what the machine looked like, as a value",
    ("providers", "descriptions"): "pure: what a provider says of itself in, a judged description out",
    ("providers", "claims"): "pure: a signed token and keys in, whom it vouches for out",
    ("calls", "addresses"): "where a call may go: an address in, the judged place out",
    ("erasure", "ledger"): "the ledger's file: lines in, lines out",
    ("overview", "conditions"): "a read for one screen: conditions with what people did about them",
    ("overview", "connections"): "a read for one screen: a connection's samples that came with two values",
}

# Packages inside rooms: (room, folder): reason. Their files are free.
PACKAGES = {
    ("export", "formats"): "one file a format: tables in, bytes out",
    ("telemetry", "store"): "the sample store is a port with several implementations",
    ("notifications", "channels"): "one file a channel, behind one port",
}


def strangers(names: list[str]) -> list[str]:
    """Give the files that stand in a room without standing in its anatomy."""
    found = []
    for name in names:
        room, *inner = name.removeprefix(PORTAL).removesuffix(".py").split("/")
        if inner and not _belongs(room, inner):
            found.append(f"{name}: not in the anatomy; name it a verb family or give its reason in EXTRA")
        elif not inner and room not in ROOM_FILES:
            found.append(f"{name}: a room is a folder")
    return found


def _belongs(room: str, inner: list[str]) -> bool:
    if len(inner) > 1:
        return (room, inner[0]) in PACKAGES
    if room in CLOSED:
        return inner[0] == "__init__" or inner[0] in CLOSED[room]
    return inner[0] in ANATOMY or (room, inner[0]) in EXTRA or VERB_FAMILY.fullmatch(inner[0]) is not None


def more_than_a_paragraph(source: str) -> list[str]:
    tree = parsed(source)
    if ast.get_docstring(tree) is None:
        return ["1: says not what the room is"]
    return [f"{node.lineno}: a door holds a docstring and nothing else" for node in tree.body[1:]]


def test_stranger_in_a_room_is_found():
    names = [
        "statusportal/entries/service.py",
        "statusportal/entries/publishing.py",
        "statusportal/entries/mailer.py",
        "statusportal/foundation/strings.py",
        "statusportal/telemetry/store/rows.py",
        "statusportal/fleet/store/rows.py",
        "statusportal/work.py",
        "statusportal/extras.py",
    ]

    found = [sentence.split(":")[0] for sentence in strangers(names)]

    assert found == [
        "statusportal/entries/mailer.py",
        "statusportal/foundation/strings.py",
        "statusportal/fleet/store/rows.py",
        "statusportal/extras.py",
    ]


def test_rooms_hold_their_anatomy_only():
    assert strangers(room_files()) == []


def test_every_extra_file_has_a_reason():
    reasons = [*EXTRA.values(), *PACKAGES.values(), *(text for room in CLOSED.values() for text in room.values())]

    assert [reason for reason in reasons if len(reason) < 10] == []


def test_door_with_more_than_a_paragraph_is_found():
    assert more_than_a_paragraph('"""A room."""\n\nfrom .models import X\n') == [
        "3: a door holds a docstring and nothing else",
    ]
    assert more_than_a_paragraph("X = 1\n") == ["1: says not what the room is"]


def test_doors_of_rooms_hold_one_paragraph():
    doors = [name for name in room_files() if name == f"{PORTAL}{room_of(name)}/__init__.py"]

    assert sentences(more_than_a_paragraph, doors) == []


def test_every_room_has_a_door():
    rooms = {room_of(name) for name in room_files()} - ROOM_FILES
    without = [room for room in sorted(filter(None, rooms)) if f"{PORTAL}{room}/__init__.py" not in room_files()]

    assert without == []
    assert all(read(name) for name in room_files() if name.endswith("/__init__.py"))
