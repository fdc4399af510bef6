"""The import contracts bite: each is broken once, in a tree made for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

BROKEN = {
    "upwards": ("statusportal/fleet/service.py", "import statusportal.entries.service", "Downstream imports upstream"),
    "sibling": ("statusportal/web/pages.py", "import statusportal.api.routes", "siblings never see each other"),
    "new room": ("statusportal/gossip/service.py", "", "Downstream imports upstream"),
    "flask": ("statusportal/fleet/service.py", "import flask.views", "No Flask"),
    "click": ("devices/registry.py", "import click", "No Flask"),
    "sockets": ("statusportal/web/pages.py", "import flask_socketio", "live alone"),
    "portal": ("devices/registry.py", "import statusportal.fleet.service", "devices knows nothing"),
    "door": ("statusportal/fleet/service.py", "import devices.registry", "Rooms enter devices"),
}
KEPT = {
    "statusportal/entries/service.py": "import statusportal.fleet.service\nimport devices.reading\n",
    "statusportal/fleet/service.py": "",
    "statusportal/api/routes.py": "import flask\nimport statusportal.entries.service\n",
    "statusportal/web/pages.py": "import flask\nimport statusportal.entries.service\n",
    "statusportal/live/namespace.py": "import flask_socketio\n",
    "statusportal/connections/service.py": "import devices.registry\nimport devices.protocol\n",
    "statusportal/cli/__init__.py": "import click\nimport devices.registry\n",
    "devices/cli.py": "import click\nimport devices.registry\n",
    "devices/reading.py": "",
    "devices/registry.py": "import devices.reading\n",
    "devices/protocol.py": "",
}


def lint(folder: Path, tree: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Write a tree and judge it by the house's contracts."""
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        for door in {path.parent, folder / name.split("/")[0]}:
            (door / "__init__.py").touch()
    command = [LINT_IMPORTS, "--config", ROOT / ".importlinter", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_tree_in_order_is_kept(tmp_path):
    result = lint(tmp_path, KEPT)

    assert "5 kept, 0 broken" in result.stdout
    assert result.returncode == 0


@pytest.mark.parametrize("case", BROKEN)
def test_broken_order_is_found(tmp_path, case):
    name, line, contract = BROKEN[case]

    result = lint(tmp_path, {**KEPT, name: f"{KEPT.get(name, '')}{line}\n"})

    broken = " ".join(text for text in result.stdout.split("\n\n") if "BROKEN" in text).replace("\n", " ")
    assert result.returncode == 1
    assert contract in broken
