"""The real portal in a process of its own: `statusportal serve` on a free port with a data folder of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import requests
from click.testing import CliRunner

from statusportal.cli import main
from tests.servers.ports import free_port

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 40
PASSWORD = "a long walk by the sea"


class PortalProcess:
    """A portal as an operator starts it, as a context manager; commands run beside it, as CONTRACT writes them.

    `settings` become environment variables (`requests_per_minute=0`); without a database URL it keeps SQLite.
    """

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder.parent / f"{folder.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        given = {f"STATUSPORTAL_{name.upper()}": str(value) for name, value in settings.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STATUSPORTAL_")}
        self._environment = kept | {"STATUSPORTAL_INSTANCE_DIR": str(folder), "PYTHONUNBUFFERED": "1"} | given

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it can store."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command("serve", "--port", str(self.port)),
                env=self._environment,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        ends_at = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < ends_at and self.process.poll() is None:
            try:
                if requests.get(f"{self.url}/readyz", timeout=5).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.05)
        said = self.log.read_text(encoding="utf-8", errors="replace")
        self.stop()
        raise RuntimeError(f"The portal did not start:\n{said[-4000:]}")

    def stop(self) -> None:
        """End it as an operator would, and with force if it does not."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run one command on the same data folder."""
        return subprocess.run(
            self._command(*arguments),
            env=self._environment,
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def told(self, *arguments: str, stdin: str = "") -> str:
        """Run one command that must succeed, and return what it printed; within this process, which is faster."""
        given = {name: value for name, value in self._environment.items() if name.startswith("STATUSPORTAL_")}
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

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-c", "from statusportal.cli import main; main()", *arguments]
