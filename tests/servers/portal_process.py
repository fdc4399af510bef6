"""The real portal in a process of its own: `statusportal serve` on a free port with a data folder of its own."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import requests
from click.testing import CliRunner

from statusportal.cli import main
from tests.servers.serving import COMMAND, ROOT, ServeProcess

PASSWORD = "a long walk by the sea"


class PortalProcess(ServeProcess):
    """A portal as an operator starts it, as a context manager; commands run beside it, as CONTRACT writes them.

    `settings` become environment variables (`requests_per_minute=0`); without a database URL it keeps SQLite.
    """

    def __init__(self, folder: Path, **settings: object) -> None:
        super().__init__(folder, folder.parent / f"{folder.name}.log", settings)
        self.folder = folder

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run one command on the same data folder."""
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment,
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def told(self, *arguments: str, stdin: str = "") -> str:
        """Run one command that must succeed, and return what it printed; within this process, which is faster."""
        given = {name: value for name, value in self.environment.items() if name.startswith("STATUSPORTAL_")}
        done = CliRunner().invoke(main, list(arguments), input=stdin, env=given, catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
        return done.stdout.strip()

    def make_organisation(self, slug: str) -> str:
        """Create an organisation, named like its slug with a capital."""
        self.told("organisation", "create", "--slug", slug, "--name", slug.capitalize())
        return slug

    def make_person(self, email: str, **options: str) -> str:
        """Create a person; `options` are those of the command: name, staff, organisation, role."""
        given = [part for name, value in options.items() for part in (f"--{name}", value)]
        self.told("user", "create", "--email", email, "--password-stdin", *given, stdin=f"{PASSWORD}\n")
        return email

    def make_device(self, organisation: str, model: str, serial: str, name: str = "") -> str:
        """Create a device and return its id."""
        given = ("--organisation", organisation, "--model", model, "--serial", serial)
        printed = self.told("device", "create", *given, *(("--name", name) if name else ()))
        return str(json.loads(printed)["id"])

    def make_model(self, slug: str, words: str) -> None:
        """Import a model from TOML; `words` is what follows its slug."""
        file = self.folder.parent / f"{slug}.toml"
        file.write_text(f'slug = "{slug}"\n{words}', encoding="utf-8")
        self.told("model", "import", str(file))

    def device_token(self, device_id: str) -> str:
        """Issue a device's token."""
        return self.told("credential", "create", "--device", device_id)

    def personal_token(self, email: str) -> str:
        """Issue a person's token."""
        return self.told("token", "create", "--email", email)

    def send(self, token: str, body: object, **more: Any) -> requests.Response:
        """Post telemetry as a device does."""
        headers = {"Authorization": f"Bearer {token}"}
        return requests.post(f"{self.url}/api/v1/telemetry", json=body, headers=headers, timeout=20, **more)

    def sign_in(self, email: str) -> requests.Session:
        """Sign in through the API; the session carries cookie, CSRF token and origin from then on."""
        session = requests.Session()
        wanted = {"email": email, "password": PASSWORD}
        answer = session.post(f"{self.url}/api/v1/session", json=wanted, timeout=20)
        assert answer.status_code == 204, answer.text
        token = session.get(f"{self.url}/api/v1/session", timeout=20).json()["csrf_token"]
        session.headers["X-CSRFToken"] = token
        return session

    def get(self, session: requests.Session, path: str, **query: Any) -> Mapping[str, Any]:
        """Read one answer of the API that must be there."""
        answer = session.get(f"{self.url}/api/v1{path}", params=query, timeout=20)
        assert answer.status_code == 200, answer.text
        found: Mapping[str, Any] = answer.json()
        return found
