"""The tree as the architecture tests read it: files, syntax trees, rooms. Checks give sentences; none means kept."""

import ast
import functools
import io
import subprocess
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = "statusportal/"

# Edges and what stands above them; every other child of statusportal is a room.
EDGES = frozenset({"app", "cli", "migrations", "wiring", "web", "api", "live", "ingest", "jobs", "http"})
# Rooms that are a single file.
ROOM_FILES = frozenset({"work", "config"})


@functools.cache
def files() -> tuple[str, ...]:
    """List what git tracks or would track, relative to the root; without git, everything but the data and caches."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else _walked()
    return tuple(sorted({name for name in names if name and (ROOT / name).is_file()}))


def _walked() -> list[str]:
    skipped = {".venv", "instance", "node_modules", "build", "dist", "__pycache__"}
    found = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
    return [str(path) for path in found if not any(part in skipped or part.endswith("_cache") for part in path.parts)]


def python_files(*starts: str) -> list[str]:
    """List the Python files below the given starts; all of them without one."""
    return [name for name in files() if name.endswith(".py") and (not starts or name.startswith(starts))]


@functools.cache
def read(name: str) -> str:
    """Read a file of the tree."""
    return (ROOT / name).read_text(encoding="utf-8")


@functools.cache
def parsed(source: str) -> ast.Module:
    """Parse once; many checks look at the same file."""
    return ast.parse(source)


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Give each comment with its line, and never a string that looks like one."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function, methods and nested ones too."""
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.expr) -> str:
    """Spell `a.b.c` for a chain of names; anything else in it is a question mark."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def room_of(name: str) -> str | None:
    """Name the room that a file of statusportal belongs to; None for edges and files outside."""
    if not name.startswith(PORTAL):
        return None
    head = name.removeprefix(PORTAL).split("/")[0].removesuffix(".py")
    return None if head in EDGES or head.startswith("__") else head


def room_files() -> list[str]:
    """List the Python files of all rooms."""
    return [name for name in python_files(PORTAL) if room_of(name)]


def sentences(check: Callable[[str], list[str]], names: list[str]) -> list[str]:
    """Run one check over many files; each offence begins with its file."""
    return [f"{name}:{offence}" for name in names for offence in check(read(name))]
