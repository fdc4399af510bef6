"""Names to speak under: a bird each, the same within one publication and unlinkable between two. Pure.

Which bird somebody is comes from a key that nobody outside the portal has and from what is different for each
publication; so two aliases of one person are no nearer to each other than those of two people.
"""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

BIRDS: Final = (
    *("Avocet", "Bittern", "Brambling", "Bunting", "Buzzard", "Chiffchaff", "Chough", "Coot", "Cormorant", "Corncrake"),
    *(
        "Crane",
        "Crossbill",
        "Cuckoo",
        "Curlew",
        "Dabchick",
        "Dipper",
        "Dotterel",
        "Dunlin",
        "Dunnock",
        "Egret",
        "Eider",
    ),
    *("Fieldfare", "Firecrest", "Flycatcher", "Fulmar", "Gadwall", "Gannet", "Garganey", "Godwit", "Goldcrest"),
    *("Goldeneye", "Goldfinch", "Goosander", "Goshawk", "Grebe", "Greenfinch", "Greenshank", "Grouse", "Guillemot"),
    *("Harrier", "Hawfinch", "Heron", "Hobby", "Hoopoe", "Jackdaw", "Kestrel", "Kingfisher", "Kittiwake", "Knot"),
    *("Lapwing", "Linnet", "Magpie", "Mallard", "Martin", "Merlin", "Moorhen", "Nightjar", "Nuthatch", "Oriole"),
    *(
        "Osprey",
        "Ouzel",
        "Partridge",
        "Petrel",
        "Phalarope",
        "Pintail",
        "Pipit",
        "Plover",
        "Pochard",
        "Puffin",
        "Quail",
    ),
    *("Raven", "Razorbill", "Redpoll", "Redshank", "Redstart", "Redwing", "Robin", "Rook", "Ruff", "Sanderling"),
    *("Sandpiper", "Scaup", "Scoter", "Shearwater", "Shelduck", "Shoveler", "Shrike", "Siskin", "Skylark", "Smew"),
    *("Snipe", "Sparrowhawk", "Spoonbill", "Starling", "Stint", "Stonechat", "Stork", "Swallow", "Swift", "Teal"),
    *("Tern", "Thrush", "Turnstone", "Wagtail", "Warbler", "Waxwing", "Wheatear", "Whimbrel", "Whinchat"),
    *("Whitethroat", "Wigeon", "Woodcock", "Woodlark", "Wren", "Wryneck", "Yellowhammer"),
)


def alias_for(key: str, publication: str, person: str, taken: Collection[str]) -> str:
    """Return the bird that somebody is in one publication, past those that are taken; then with a number."""
    digest = hmac.new(key.encode(), f"community alias:{publication}:{person}".encode(), hashlib.sha256).digest()
    start = int.from_bytes(digest[:8], "big")
    for step in range(len(BIRDS)):
        bird = BIRDS[(start + step) % len(BIRDS)]
        if bird not in taken:
            return bird
    bird = BIRDS[start % len(BIRDS)]
    return next(name for number in range(2, len(taken) + 3) if (name := f"{bird} {number}") not in taken)


@dataclass(slots=True)
class Aliases:
    """Who is who in one publication: each of an owner's people a bird, and all others the operator's name."""

    key: str
    publication: str
    operator: str
    members: frozenset[UUID]
    given: dict[UUID, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()

    def of(self, person_id: UUID | None) -> str:
        """Return somebody's alias, the same as before if they have one."""
        if person_id is None or person_id not in self.members:
            return self.operator
        if person_id not in self.given:
            taken = self.taken | set(self.given.values())
            self.given[person_id] = alias_for(self.key, self.publication, str(person_id), taken)
        return self.given[person_id]
