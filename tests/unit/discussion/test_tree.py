"""Siblings change places by the chosen order; a branch is never broken."""

from zlib import crc32

import pytest

from statusportal.discussion.tree import next_path, ordered, paths_above
from statusportal.discussion.vocabulary import ThreadSort

THREAD = ("000001", "000001.000001", "000001.000002", "000002", "000002.000001", "000002.000001.000001", "000003")


def grown(count: int) -> list[str]:
    paths, last = [None], {}
    while len(paths) <= count:
        parent = paths[crc32(bytes([len(paths) % 251])) % len(paths)]
        last[parent] = next_path(parent, last.get(parent))
        paths.append(last[parent])
    return paths[1:]


def test_helpful_first_moves_siblings_with_their_branches():
    helpful = {"000002": 2, "000001.000002": 5, "000002.000001.000001": 9}

    assert ordered(THREAD, ThreadSort.HELPFUL, helpful) == [
        "000002",
        "000002.000001",
        "000002.000001.000001",
        "000001",
        "000001.000002",
        "000001.000001",
        "000003",
    ]


def test_newest_first_moves_siblings_with_their_branches():
    assert ordered(THREAD, ThreadSort.NEWEST, {}) == [
        "000003",
        "000002",
        "000002.000001",
        "000002.000001.000001",
        "000001",
        "000001.000002",
        "000001.000001",
    ]


@pytest.mark.parametrize("sort", list(ThreadSort))
def test_no_order_breaks_a_branch_or_loses_a_place(sort):
    paths = grown(400)
    weights = {path: crc32(path.encode()) % 4 for path in paths}

    found = ordered(paths, sort, weights)

    assert sorted(found) == sorted(paths)
    for place, path in enumerate(found):
        below = [one for one in found if one.startswith(f"{path}.")]
        assert found[place + 1 : place + 1 + len(below)] == below


def test_places_above_are_the_prefixes_from_the_root_on():
    assert paths_above("000002.000001.000007") == ["000002", "000002.000001"]
    assert paths_above("000002") == []
