"""Start nginx as a TLS proxy on a loopback port, which asks for client certificates and passes them on."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from tests.servers.ports import free_port
from tests.servers.serving import STARTS_WITHIN_S, end

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
MISSING = "nginx is not installed (Debian package nginx)"

_CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_client_certificate {authority};
        ssl_verify_client {verify};
        location / {{
            proxy_pass http://127.0.0.1:{portal};
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Host $host;
            proxy_set_header X-Client-Certificate $ssl_client_escaped_cert;
        }}
    }}
}}
"""


class Nginx:
    """A proxy of one's own before a portal, as a context manager; the lines are those of docs/operations/proxy.md."""

    def __init__(
        self, folder: Path, portal: int, server: tuple[Path, Path], authority: Path, *, verify: str = "optional"
    ) -> None:
        self.port = free_port()
        self.url = f"https://localhost:{self.port}"
        self._folder = folder
        self._config = folder / "nginx.conf"
        is_root = subprocess.check_output(["id", "-u"]).strip() == b"0"
        certificate, key = server
        self._config.write_text(
            _CONFIGURATION.format(
                folder=folder,
                user="user root;" if is_root else "",
                port=self.port,
                certificate=certificate,
                key=key,
                authority=authority,
                verify=verify,
                portal=portal,
            )
        )

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [str(NGINX), "-e", str(self._folder / "error.log"), "-c", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until_s = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until_s and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return self
        log = self._folder / "error.log"
        raise RuntimeError(f"nginx did not start: {log.read_text() if log.exists() else 'no log'}")

    def __exit__(self, *_: object) -> None:
        end(self._process, signal.SIGTERM)
