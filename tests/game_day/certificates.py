"""A certificate that ended yesterday, and a server that shows it."""

import socket
import ssl
import tempfile
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from monitoring.findings import Finding
from operations.doctor import reachable


def look_at_certificate(days_left: int) -> list[Finding]:
    """What the doctor says of a server of this machine with such a certificate, which we trust."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "it.pem"
        write_certificate(file, days_left)
        served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        served.load_cert_chain(file)
        with socket.create_server(("127.0.0.1", 0)) as server:

            def serve() -> None:
                with suppress(OSError):
                    served.wrap_socket(server.accept()[0], server_side=True)

            threading.Thread(target=serve, daemon=True).start()
            trusting = ssl.create_default_context(cafile=str(file))
            return [reachable.certificate_of("localhost", server.getsockname()[1], trusting)]


def write_certificate(file: Path, days_left: int) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=9))
    made = made.not_valid_after(now + timedelta(days=days_left))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    file.write_bytes(pem + made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
