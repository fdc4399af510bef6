"""The papers say what is there: links lead somewhere, keys are the program's keys, decisions say what hurts."""

import re
import tomllib
from pathlib import PurePosixPath

import msgspec

from statusportal.config import Settings
from tests.architecture.tree import ROOT, files, read

LINK = re.compile(r"\]\((?!\w+://|#)(?P<target>[^)#\s]+)[^)]*\)")
# A route whose address holds a secret, and the rule by which the proxy's log leaves such an address out.
SECRET_ROUTE = re.compile(r"""\.(?:get|post|put|patch|delete|route)\("(?P<path>/[^"]*)<(?:\w+:)?(?:token|secret)>""")
LOGGED_AS = re.compile(r'"~(?P<pattern>\S+)" "\$known\*\*\*"')
HEADINGS = ("**Status:**", "## Context", "## Decision", "## Consequences", "It hurts")

# Pictures that a script makes from the running product, each until it is first made.
NOT_MADE_YET = {"docs/screenshots/device-desktop-light.png"}

# Kept out of the example on purpose: where the data folder is, and the secrets the first start makes there.
NOT_BY_HAND = {"instance_dir", "secret_key", "connections_key", "audit_key", "ledger_key", "proofs_key"}


def dead_links(name: str, text: str, present: set[str]) -> list[str]:
    folder = PurePosixPath(name).parent
    targets = [match["target"] for match in LINK.finditer(text)]
    return [f"{name}: {target}" for target in targets if _plain(folder / target) not in present]


def _plain(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def missing_headings(text: str) -> list[str]:
    return [heading for heading in HEADINGS if heading not in text]


def test_dead_link_is_found():
    text = "[a](../README.md) [b](gone.md#x) [c](https://example.com) ![d](e.png)"

    assert dead_links("docs/x.md", text, {"README.md"}) == ["docs/x.md: gone.md", "docs/x.md: e.png"]


def test_links_of_the_papers_lead_somewhere():
    papers = [name for name in files() if name.endswith(".md")]

    assert [link for name in papers for link in dead_links(name, read(name), {*files(), *NOT_MADE_YET})] == []


def test_readme_names_the_two_commands():
    assert [command for command in ("make run", "make test") if command not in read("README.md")] == []


def test_example_configuration_holds_every_key_with_its_default():
    defaults = msgspec.to_builtins(Settings())

    assert tomllib.loads(read("instance/config.example.toml")) == {
        key: value for key, value in defaults.items() if key not in NOT_BY_HAND
    }


def test_configuration_page_explains_every_key():
    page = read("docs/operations/configuration.md")

    unexplained = [key for key in msgspec.to_builtins(Settings()) if f"| `{key}` |" not in page]

    assert unexplained == ["instance_dir"]


def test_decision_without_its_pain_is_found():
    assert missing_headings("**Status:** accepted\n## Context\n## Decision\n## Consequences\n") == ["It hurts"]


def test_decisions_are_whole_and_listed():
    folder = ROOT / "docs" / "adr"
    decisions = sorted(path.name for path in folder.glob("[0-9]*.md"))
    listed = re.findall(r"\]\((\d{4}-[a-z-]+\.md)\)", read("docs/adr/README.md"))

    assert listed == decisions
    assert {name: missing_headings(read(f"docs/adr/{name}")) for name in decisions} == {name: [] for name in decisions}


def test_proxy_logs_no_address_that_is_a_secret():
    pattern = LOGGED_AS.search(read("docs/operations/proxy.md"))["pattern"].replace("(?<", "(?P<")
    sources = {name: read(name) for name in files() if name.startswith("statusportal/") and name.endswith(".py")}
    paths = {
        ("/api/v1" if name.startswith("statusportal/api/") else "") + found["path"]
        for name, text in sources.items()
        for found in SECRET_ROUTE.finditer(text)
    }

    assert {"/s/", "/stop/", "/api/v1/stop/", "/calendar/"} <= paths
    assert [path for path in sorted(paths) if (re.match(pattern, f"{path}x") or [""])[0] != path] == []
    assert re.match(pattern, "/entries/1") is None
