"""The profiles that ship with the portal, found by name: read from the package, and from nowhere else."""

import re
from importlib import resources

from statusportal.profiles.vocabulary import Profile
from statusportal.profiles.writing import read_profile

_FOLDER = resources.files("statusportal.profiles") / "examples"


def shipped_names() -> list[str]:
    """Name the profiles that ship, in the order of the alphabet."""
    return sorted(one.name.removesuffix(".toml") for one in _FOLDER.iterdir() if one.name.endswith(".toml"))


def find_shipped(name: str) -> Profile | None:
    """Find a shipped profile by its name, or by a part of it that no other one has."""
    wanted = _plain(name)
    found = [one for one in shipped_names() if wanted == _plain(one)]
    if not found and wanted:
        found = [one for one in shipped_names() if wanted in _plain(one)]
    return read_profile(shipped_text(found[0])) if len(found) == 1 else None


def shipped_text(name: str) -> str:
    """Return a shipped profile as the TOML it ships as."""
    return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())
