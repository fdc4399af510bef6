"""A certificate authority in memory and the client certificates that it signs, by the cryptography package."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def key_pem(self) -> str:
        plain = serialization.NoEncryption()
        shape = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, shape, plain).decode()

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(SHA256()).hex()

    def files(self, folder: Path, name: str) -> tuple[Path, Path]:
        """Write both and give their places."""
        certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
        certificate.write_text(self.pem)
        key.write_text(self.key_pem)
        return certificate, key


class Authority:
    """Sign certificates that are valid from a day before `now` for as many days as asked."""

    def __init__(self, now: datetime | None = None, name: str = "Made-up authority") -> None:
        self._now = now or datetime.now(UTC)
        self.own = self._sign(name, None, 30, is_authority=True)

    def issue(self, name: str, days: int = 10) -> Issued:
        return self._sign(name, self.own, days, is_authority=False)

    def _sign(self, name: str, issuer: Issued | None, days: int, *, is_authority: bool) -> Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        local = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        unsigned = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - DAY)
            .not_valid_after(self._now + DAY * days)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(local, critical=False)
        )
        return Issued(unsigned.sign(issuer.key if issuer else key, SHA256()), key)
