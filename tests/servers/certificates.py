"""Make up an authority and certificates with the openssl program, for tests of TLS."""

import shutil
import subprocess
from pathlib import Path

OPENSSL = shutil.which("openssl")
MISSING = "openssl is not installed (Debian package openssl)"


class Authority:
    """A certificate authority that lives as long as its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.ca_file = folder / "ca.crt"
        self._ca_key = folder / "ca.key"
        self._run(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"),
            *("-subj", "/CN=Made-up test authority", "-keyout", self._ca_key, "-out", self.ca_file),
        )

    def issue(self, name: str, *, alt_names: str = "DNS:localhost,IP:127.0.0.1") -> tuple[Path, Path]:
        """Sign a certificate and give its file and the file of its key."""
        key, request = self._folder / f"{name}.key", self._folder / f"{name}.csr"
        certificate, extension = self._folder / f"{name}.crt", self._folder / f"{name}.ext"
        extension.write_text(f"subjectAltName={alt_names}\n")
        self._run(
            *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-subj", f"/CN={name}", "-keyout", key, "-out", request),
        )
        self._run(
            *("x509", "-req", "-in", request, "-CA", self.ca_file, "-CAkey", self._ca_key, "-CAcreateserial"),
            *("-days", "2", "-extfile", extension, "-out", certificate),
        )
        return certificate, key

    def _run(self, *arguments: object) -> None:
        subprocess.run([str(OPENSSL), *map(str, arguments)], check=True, capture_output=True)
