"""Refuse a runtime dependency whose licence is not permissive or weakly copyleft.

The closure is walked from the dependencies that pyproject.toml declares, extras of users included, so the
test tools of the `dev` extra are not judged: they are not shipped.
"""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ALLOWED = frozenset(
    {
        "0BSD",
        "APACHE-2.0",
        "BSD-2-CLAUSE",
        "BSD-3-CLAUSE",
        "CC0-1.0",
        "EDL-1.0",
        "EPL-2.0",
        "ISC",
        "LGPL-3.0-ONLY",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "PSF-2.0",
        "UNLICENSE",
        "ZLIB",
    },
)
# How packages without an SPDX expression spell the licences above.
SPOKEN = {
    "APACHE 2.0": "APACHE-2.0",
    "APACHE LICENSE 2.0": "APACHE-2.0",
    "APACHE SOFTWARE LICENSE": "APACHE-2.0",
    "BSD": "BSD-3-CLAUSE",
    "BSD LICENSE": "BSD-3-CLAUSE",
    "BSD 2-CLAUSE LICENSE": "BSD-2-CLAUSE",
    "ISC LICENSE (ISCL)": "ISC",
    "MIT LICENSE": "MIT",
    "MOZILLA PUBLIC LICENSE 2.0 (MPL 2.0)": "MPL-2.0",
    "PYTHON SOFTWARE FOUNDATION LICENSE": "PSF-2.0",
}
# Extras that leave the house with the product; `dev` stays at home.
SHIPPED_EXTRAS = ("scale",)
NOT_A_LICENCE = frozenset({"DFSG APPROVED", "OSI APPROVED"})


def is_allowed(expression: str) -> bool:
    """Judge an SPDX expression: every part of an AND, at least one part of an OR. Brackets are read flat."""
    alternatives = re.split(r"\s+OR\s+", expression.replace("(", " ").replace(")", " ").strip(), flags=re.IGNORECASE)
    return any(
        all(_name(part) in ALLOWED for part in re.split(r"\s+AND\s+", alternative, flags=re.IGNORECASE))
        for alternative in alternatives
    )


def licence_of(package: metadata.PackageMetadata) -> str:
    """Say the licence in one expression: the SPDX field, else the classifiers, else the first line of free text."""
    if "License-Expression" in package:
        return package["License-Expression"]
    lines = [line for line in package.get_all("Classifier") or [] if line.startswith("License ::")]
    spoken = [line.rsplit("::", 1)[-1].strip() for line in lines]
    named = [name for name in spoken if name.upper() not in NOT_A_LICENCE]
    if named:
        return " AND ".join(named)
    return package["License"].strip().partition("\n")[0] if "License" in package else ""


def closure(requirements: list[str]) -> dict[str, metadata.Distribution | None]:
    """Walk requirements to everything they need on this machine. None: needed and not installed."""
    found: dict[str, metadata.Distribution | None] = {}
    waiting = [Requirement(line) for line in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found and not requirement.extras:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            found[name] = None
            continue
        found[name] = distribution
        waiting.extend(_needed(distribution, requirement.extras))
    return found


def offenders(packages: dict[str, metadata.Distribution | None]) -> list[str]:
    """Give one sentence for each package that may not be shipped."""
    sentences = []
    for name, distribution in sorted(packages.items()):
        if distribution is None:
            sentences.append(f"{name}: not installed, so its licence is unknown")
        elif not is_allowed(licence_of(distribution.metadata)):
            sentences.append(f"{name}: '{licence_of(distribution.metadata)}' is not on the list")
    return sentences


def main() -> int:
    """Print the offenders; 1 if there is one."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = list(project["dependencies"])
    for extra in SHIPPED_EXTRAS:
        declared.extend(project["optional-dependencies"][extra])
    packages = closure(declared)
    bad = offenders(packages)
    print("\n".join(bad) if bad else f"{len(packages)} packages, every licence on the list")
    return 1 if bad else 0


def _name(part: str) -> str:
    spelled = part.strip().upper()
    return SPOKEN.get(spelled, spelled)


def _needed(distribution: metadata.Distribution, extras: set[str]) -> list[Requirement]:
    needed = [Requirement(line) for line in distribution.requires or []]
    environments = [{"extra": extra} for extra in sorted(extras)] or [{"extra": ""}]
    return [
        requirement
        for requirement in needed
        if requirement.marker is None or any(requirement.marker.evaluate(environment) for environment in environments)
    ]


if __name__ == "__main__":
    sys.exit(main())
