"""A real OpenID Connect provider of its own process: npm's oidc-provider, stopped by its id."""

import shutil
import subprocess
from pathlib import Path
from typing import Self

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "servers" / "oidc_provider.mjs"


class OidcProvider:
    """Run the provider for one client; `issuer` is where it stands."""

    def __init__(self, client_id: str, client_secret: str, redirect_uri: str) -> None:
        self._arguments = [client_id, client_secret, redirect_uri]

    def __enter__(self) -> Self:
        node = shutil.which("node")
        if node is None or not (ROOT / "node_modules" / "oidc-provider").is_dir():
            pytest.skip("no OpenID Connect provider: install node and, by `npm ci`, the package oidc-provider")
        self._process = subprocess.Popen(
            [node, str(SCRIPT), *self._arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        said = (line.strip() for line in self._process.stdout)
        self.issuer = next(line for line in said if line.startswith("http://"))
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=10)
