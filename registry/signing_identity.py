"""Whose signature a letter bears: a key in a token, one by file, or the demonstration's own.

``LETTER_SIGNING_PKCS11_MODULE`` names the library of a token (PKCS#11); its key never leaves it.

``LETTER_SIGNING_CERTIFICATE`` (with its chain), ``LETTER_SIGNING_KEY`` and ``LETTER_SIGNING_ROOTS`` are
PEM files. The demonstration, where none is set, makes a certification authority of its own under
``VAR_DIR/signing`` at first use; it proves nothing to anybody else. In production without a
certificate letters are sealed with their data and not signed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.signers import Signer, SimpleSigner

CERTIFICATE, KEY, ROOTS = "certificate.pem", "key.pem", "roots.pem"
VALID = timedelta(days=3650)


class Source(StrEnum):
    """Where the key that signs letters is."""

    HARDWARE = "pkcs11"
    FILES = "files"
    DEMONSTRATION = "demonstration"
    NONE = "none"


def source() -> Source:
    """What the settings choose. A token goes before files: who has one means it."""
    if settings.LETTER_SIGNING_PKCS11_MODULE:
        return Source.HARDWARE
    if settings.LETTER_SIGNING_CERTIFICATE:
        return Source.FILES
    return Source.NONE if settings.PRODUCTION else Source.DEMONSTRATION


@contextmanager
def signing() -> Iterator[Signer | None]:
    """Who signs, for as long as it is needed; None where letters are not signed here.

    The session with a token lasts for one signature: a worker that forks, or a token that is taken
    out and put in again, then does no harm. Raises what the token's library raises.
    """
    if source() is not Source.HARDWARE:
        yield signer()
        return
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    with open_pkcs11_session(
        settings.LETTER_SIGNING_PKCS11_MODULE,
        token_criteria=_criteria(),
        user_pin=settings.LETTER_SIGNING_PKCS11_PIN or None,
    ) as session:
        yield PKCS11Signer(
            session,
            cert_label=settings.LETTER_SIGNING_PKCS11_LABEL,
            key_label=settings.LETTER_SIGNING_PKCS11_LABEL,
            ca_chain=_certificates(Path(settings.LETTER_SIGNING_ROOTS)),
        )


def _criteria() -> TokenCriteria | None:
    """Which of several tokens; None where there is only one."""
    label = settings.LETTER_SIGNING_PKCS11_TOKEN
    return TokenCriteria(label=label) if label else None


def problems() -> list[str]:
    """What is wrong with the settings, in words; empty where letters can be signed or need not be.

    A token itself is not asked: a command must start without it.
    """
    found = source()
    if found is Source.HARDWARE:
        wanted = {
            "LETTER_SIGNING_PKCS11_MODULE": settings.LETTER_SIGNING_PKCS11_MODULE,
            "LETTER_SIGNING_ROOTS": settings.LETTER_SIGNING_ROOTS,
        }
        said = [_unreadable(name, path) for name, path in wanted.items()]
        if not settings.LETTER_SIGNING_PKCS11_LABEL:
            said.append("LETTER_SIGNING_PKCS11_LABEL must name the key and its certificate.")
        return [sentence for sentence in said if sentence]
    if found is not Source.FILES:
        return []
    named = files()
    assert named is not None  # noqa: S101 (the source says so)
    said = [
        _unreadable("LETTER_SIGNING_CERTIFICATE", str(named.certificate)),
        _unreadable("LETTER_SIGNING_KEY", settings.LETTER_SIGNING_KEY),
        _unreadable("LETTER_SIGNING_ROOTS", str(named.roots)),
    ]
    if not any(said):
        try:
            _signer(named)
        except ValueError as error:
            said.append(f"{error}.")
    return [sentence for sentence in said if sentence]


def _unreadable(name: str, path: str) -> str:
    if path and Path(path).is_file() and os.access(path, os.R_OK):
        return ""
    return f"{name} must name a file that can be read."


@dataclass(frozen=True)
class Files:
    """Where the identity is kept."""

    certificate: Path
    key: Path
    roots: Path
    passphrase: bytes | None = None


def files() -> Files | None:
    """The files of the identity; None where letters are not signed here."""
    if settings.LETTER_SIGNING_CERTIFICATE:
        certificate = Path(settings.LETTER_SIGNING_CERTIFICATE)
        return Files(
            certificate,
            Path(settings.LETTER_SIGNING_KEY),
            Path(settings.LETTER_SIGNING_ROOTS or certificate),
            settings.LETTER_SIGNING_PASSPHRASE.encode() or None,
        )
    if settings.PRODUCTION:
        return None
    place = Path(settings.VAR_DIR) / "signing"
    if not place.is_dir():
        _make_demonstration_identity(place)
    return Files(place / CERTIFICATE, place / KEY, place / ROOTS)


def signer() -> SimpleSigner | None:
    """Who signs with a key by file; None where letters are not signed here. ValueError for files that do not fit."""
    found = files()
    return None if found is None else _signer(found)


def trusted_roots() -> list[asn1_x509.Certificate]:
    """The certificates from which a signature of ours must descend."""
    if source() is Source.HARDWARE:
        return _certificates(Path(settings.LETTER_SIGNING_ROOTS))
    found = files()
    return [] if found is None else _certificates(found.roots)


@lru_cache(maxsize=4)
def _signer(found: Files) -> SimpleSigner:
    """Read once: reading the key for each letter costs more than signing with it."""
    loaded = SimpleSigner.load(
        str(found.key), str(found.certificate), key_passphrase=found.passphrase
    )
    if loaded is None:
        raise ValueError(f"the signing key {found.key} and its certificate cannot be read together")
    chain: SimpleSigner = loaded
    chain.cert_registry.register_multiple(_certificates(found.certificate))
    return chain


@lru_cache(maxsize=4)
def _certificates(path: Path) -> list[asn1_x509.Certificate]:
    return [
        asn1_x509.Certificate.load(der)
        for _kind, _headers, der in asn1_pem.unarmor(path.read_bytes(), multiple=True)
    ]


def _make_demonstration_identity(place: Path) -> None:
    """An authority and a certificate of its own, made whole and then put in place at once: of two
    processes that make one, the second finds the first's."""
    now = datetime.now(UTC) - timedelta(hours=1)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _number in range(2))
    root_name = _name("Demonstration certification authority (proves nothing)")
    root = (
        x509.CertificateBuilder()
        .subject_name(root_name)
        .issuer_name(root_name)
        .public_key(root_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name("Demonstration seal of letters"))
        .issuer_name(root_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=place.parent))
    (made / CERTIFICATE).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (made / ROOTS).write_bytes(root.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    os.close(os.open(made / KEY, os.O_CREAT | os.O_WRONLY, 0o600))
    (made / KEY).write_bytes(secret)
    try:
        made.rename(place)
    except OSError:
        for file in made.iterdir():
            file.unlink()
        made.rmdir()


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
