"""Classes 9, 10 and 15: hostile texts in every field, read back on every page, by customers, support and admins.

Seen at Isso, Home Assistant (the device's name), Uptime Kuma, NodeBB, Zulip, ThingsBoard (the audit page), Cachet
(templates). Pages are read by a parser that is not the template's. Names get one text that would break out of each
place where a name stands; where more fits, all of a list that others collected.
"""

import pytest

from tests.factories.browsing import parts
from tests.factories.html import PAYLOADS
from tests.holes.street import changing, crawl, visitor
from tests.matrix.act import filled
from tests.matrix.cells import send

# Each would become 54439 where somebody's template reads it.
_TEMPLATES = ("{{7777*7}}", "${7777*7}", "<%= 7777*7 %>", "#{7777*7}", "*{7777*7}", "{%print(7777*7)%}")
_NAME = "\"'><svg/onload=alert(1)>{{7777*7}}"
_FRAMES = {"iframe", "frame", "embed", "object", "base", "applet", "foreignobject"}
_PROGRAMS = ("javascript:", "vbscript:", "data:text")
# A field's form of its own: words, not free text.
_WORDS = {"kind", "level", "lifecycle", "audience", "role", "rights", "health", "side", "locale", "theme", "timezone"}


def hostile(value, payload):
    """Put a payload into the free texts of a body; ids, versions and words stay."""
    return {name: payload if is_text(name, one) else one for name, one in value.items()}


def is_text(name, one):
    return isinstance(one, str) and name not in _WORDS and not name.endswith(("_id", "password")) and " " in f"{one} "


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("payload", "least"), [(_NAME, 12), ("\n\n".join([*PAYLOADS, *_TEMPLATES]), 6)], ids=["a name", "a long text"]
)
def test_hostile_texts_stand_as_words_wherever_they_are_read(world, state, payload, least):
    kept = 0

    for operation, who in changing(world):
        body = filled(operation.act.json or operation.act.form, world.things)
        if not isinstance(body, dict) or is_way_in(operation):
            continue
        form = "json" if operation.act.json else "data"
        answer = send(world, operation, who, world.things, **{form: hostile(body, payload)})
        kept += answer.status_code < 400
        assert answer.status_code < 500, operation.name

    read = [page for reader in ("customer_admin/owner", "support", "admin") for page in pages(world, visitor(reader))]
    found = [(address, danger) for address, page in read for danger in acting(page)]
    worked_out = [address for address, page in read if "54439" in page]
    assert kept >= least
    assert sum("7777*7" in page for _, page in read) >= 12
    assert (found, worked_out) == ([], [])


def pages(world, reader):
    return [
        (address, page.decode(errors="replace"))
        for address, page in crawl(world, reader, ("/", "/search?q=hot", "/admin/")).items()
        if page.lstrip().startswith(b"<")
    ]


def acting(page):
    """Find whatever in a page would act: scripts written into it, handlers, frames, addresses that are programs."""
    found = []
    for tag, attributes in parts(page):
        found += [f"{tag} {name}" for name in attributes if name.startswith("on")]
        found += [f"{tag} {value}" for value in attributes.values() if value.lower().lstrip().startswith(_PROGRAMS)]
        if tag in _FRAMES or (tag == "script" and not attributes.get("src", "").startswith("/static/")):
            found.append(tag)
    return found


def test_whatever_acts_is_found():
    page = '<p onclick="x()"><a href=" javascript:x()"></a><iframe></iframe><script>x()</script><b title="a"></b></p>'

    assert acting(page) == ["p onclick", "a  javascript:x()", "iframe", "script"]


def is_way_in(operation):
    """Leave out what would end the story: sessions, transfers, memberships."""
    return operation.policy.permission is None or any(
        word in operation.rule for word in ("transfers", "memberships", "people/<", "session", "credential", "claim")
    )
