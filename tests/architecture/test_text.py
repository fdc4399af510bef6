"""Nothing unfinished, nothing of one machine, and nobody else's files in the tree."""

import json
import re

from tests.architecture.tree import ROOT, files, read

# A class of one letter in each, so that this file does not hold what it looks for.
UNFINISHED = re.compile(
    r"\b(?:TOD[O]|FIXM[E]|XX[X])\b|raise NotImplemented[E]rror|#\s*stu[b]\b|placeholder implementatio[n]",
)
HOSTS = re.compile(
    r"pyp[i]\.o|pythonhoste[d]|npmj[s]\.|deb\.debia[n]\.o|crate[s]\.io|://registr[y]\.",
)
MACHINE_PATHS = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:wor[k]|far[m])/|/tmp/w[t]/|/opt/pyp[i]")
CODE = (".py", ".html", ".ts", ".js", ".css", ".toml", ".txt", ".sh")
BINARY = (".png", ".jpg", ".webp", ".ico", ".gif", ".pdf", ".woff2", ".gz", ".bin", ".snappy", ".pb")

FOREIGN = re.compile(
    r"\.min\.(?:js|css)$|(?:^|/)(?:vendor|node_modules|dist)/|(?:^|/)uv\.lock$|\.map$|\.whl$|\.(?:woff2?|ttf|otf)$",
)
LARGEST_BYTES = 1_500_000
# No hand writes lines of this length in a script or a style sheet.
LONGEST_LINE = 1_000


def lines_with(pattern: re.Pattern[str], text: str) -> list[str]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = pattern.search(line)
        if match:
            found.append(f"{number}: '{match[0].strip()}'")
    return found


def in_tree(pattern: re.Pattern[str], endings: tuple[str, ...] | None) -> list[str]:
    names = [name for name in files() if not name.endswith(BINARY) and (endings is None or name.endswith(endings))]
    return [f"{name}:{offence}" for name in names for offence in lines_with(pattern, read(name))]


def minified(text: str) -> bool:
    return any(len(line) > LONGEST_LINE for line in text.splitlines())


def addresses(lock: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    return [name for name, package in lock.get("packages", {}).items() if "resolved" in package]


def test_unfinished_note_is_found():
    note = "x = 1  # TO~DO: mend\nfine = 2\nraise Not~ImplementedError\n".replace("~", "")

    assert [offence[:2] for offence in lines_with(UNFINISHED, note)] == ["1:", "3:"]


def test_tree_holds_no_unfinished_note():
    assert in_tree(UNFINISHED, CODE) == []


def test_host_and_machine_path_are_found():
    text = "https://files.python~hosted.org/x\ncd /wo~rk/main\n/network/paths and rework/paths\n".replace("~", "")

    assert [offence[:2] for offence in lines_with(HOSTS, text)] == ["1:"]
    assert [offence[:2] for offence in lines_with(MACHINE_PATHS, text)] == ["2:"]


def test_tree_names_no_registry_and_no_machine():
    assert in_tree(HOSTS, None) == []
    assert in_tree(MACHINE_PATHS, None) == []


def test_foreign_file_is_found():
    names = ["a/x.min.js", "web/vendor/x.js", "uv.lock", "static/x.woff2", "web/assets/main.ts", "docs/distance/x.md"]

    assert [name for name in names if FOREIGN.search(name)] == names[:4]
    assert minified("a" * 1001)
    assert not minified("a\n" * 1001)


def test_tree_holds_our_own_files_only():
    assert [name for name in files() if FOREIGN.search(name)] == []
    assert [name for name in files() if (ROOT / name).stat().st_size > LARGEST_BYTES] == []
    assert [name for name in files() if name.endswith((".js", ".css", ".ts")) and minified(read(name))] == []


def test_address_in_a_lock_is_found():
    assert addresses({"packages": {"a": {"resolved": "there"}, "b": {"version": "1"}}}) == ["a"]


def test_locks_hold_no_addresses():
    locks = [name for name in files() if name.endswith("package-lock.json")]

    assert {name: addresses(json.loads(read(name))) for name in locks} == {name: [] for name in locks}
