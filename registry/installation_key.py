"""The key by which this installation signs what it sends to others, and by which they know it.

One P-256 key, made when it is first needed and kept under ``VAR_DIR`` (``INSTALLATION_KEY_FILE``), to be
read by nobody else. Other installations know it by its fingerprint: the SHA-256 of the public key.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

ALGORITHM = "ES256"
"""ECDSA on P-256 with SHA-256; signatures in DER, written in base64."""
_SCHEME = ec.ECDSA(hashes.SHA256())


def sign(content: bytes) -> str:
    """Our signature of this content, in base64."""
    return base64.b64encode(_key().sign(content, _SCHEME)).decode()


def public_key() -> str:
    """Our public key, as PEM."""
    return _pem(_key().public_key())


def fingerprint() -> str:
    return fingerprint_of(public_key())


def fingerprint_of(pem: str) -> str:
    """The SHA-256 of a public key, in hexadecimal. Raises ValueError for what is no P-256 key."""
    written = _read(pem).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(written).hexdigest()


def tidied(pem: str) -> str:
    """A public key as we write it. Raises ValueError for what is no P-256 key."""
    return _pem(_read(pem))


def is_signed_by(pem: str, signature: str, content: bytes) -> bool:
    """Whether the holder of this key signed this content, to the last byte."""
    try:
        _read(pem).verify(base64.b64decode(signature, validate=True), content, _SCHEME)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _read(pem: str) -> ec.EllipticCurvePublicKey:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except Exception as error:
        raise ValueError("no public key") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("no P-256 key")
    return key


def _pem(key: ec.EllipticCurvePublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def _key() -> ec.EllipticCurvePrivateKey:
    return _loaded(str(settings.INSTALLATION_KEY_FILE))


@lru_cache(maxsize=4)
def _loaded(place: str) -> ec.EllipticCurvePrivateKey:
    file = Path(place)
    if not file.exists():
        _make(file)
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{place} holds no P-256 key")
    return key


def _make(file: Path) -> None:
    """Write a new key, whole or not at all; of two processes that try, the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    written = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    handle, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(written)
    try:
        os.link(name, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
