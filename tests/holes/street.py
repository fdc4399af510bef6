"""Walking the portal as somebody: following what its pages and lists lead to, and using its operations."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.matrix.cells import Operation, operations, send
from tests.matrix.expectation import Outcome
from tests.matrix.visitors import VISITORS, Visitor
from tests.matrix.world import World

_HREF = re.compile(r'(?:href|data-live-src|action)="(/[^"#]*)"')
_ID = re.compile(r'"id":\s*"([0-9a-f-]{36})"')
_BEGINNINGS = ("/", "/search?q=hot", "/api/v1/devices", "/api/v1/entries", "/api/v1/search?q=hot", "/admin/")
_MOST = 150
_WAYS = 2


def visitor(name: str) -> Visitor:
    """Return a visitor by name."""
    return next(one for one in VISITORS if one.name == name)


def crawl(world: World, who: Visitor, beginnings: Sequence[str] = _BEGINNINGS) -> dict[str, bytes]:
    """Follow every address that pages and lists lead to; return what each that opened said.

    Of the orders and places in which one page can be asked for, two are enough.
    """
    found: dict[str, bytes] = {}
    asked: Counter[str] = Counter()
    waiting = list(beginnings)
    while waiting and len(found) < _MOST:
        address = waiting.pop(0).replace("&amp;", "&")
        asked[address.partition("?")[0]] += address not in found
        if address in found or asked[address.partition("?")[0]] > _WAYS:
            continue
        answer = world.ask(who, "GET", address)
        if answer.status_code == 200:
            found[address] = answer.data
            text = answer.data.decode(errors="replace")
            waiting += [one for one in _HREF.findall(text) if not one.startswith("/static/")]
            waiting += [f"/api/v1/{kind}/{one}" for one in _ID.findall(text) for kind in ("devices", "entries")]
        elif answer.status_code in {302, 303} and (answer.location or "").startswith("/"):
            waiting.append(answer.location)
    return found


def changing(world: World) -> Iterator[tuple[Operation, Visitor]]:
    """Walk the operations that change something, each with somebody who may."""
    for operation in operations(world.app):
        if operation.is_reading or operation.act.status in {409, 412}:
            continue
        for one in VISITORS:
            is_meant = one.name in (operation.act.by or {one.name})
            if one.kind == "person" and is_meant and operation.outcome_for(one) is Outcome.OPEN:
                yield operation, one
                break


__all__ = ["changing", "crawl", "operations", "send", "visitor"]
