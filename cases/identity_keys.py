"""The keys under which the identities of protected persons are kept, apart from the database.

One file, ``PROTECTED_IDENTITY_KEY_FILE``, a key a line in base64, to be read by nobody but the service. The
first key writes; the others still read what was written before a change of keys. It is made when
the first identity is protected. Whoever has the database or a copy of it, and not this file, learns no
name; whoever loses the file loses the identities.

AES-256-GCM; what the text is about is bound into it, so that a sealed identity moved to
another person does not open.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from registry.refusals import NotPossibleNow

NONCE_BYTES, KEY_BYTES = 12, 32
MARK_CHARACTERS = 16


def seal(text: str, about: str) -> tuple[str, str]:
    """The text under the first key, and the mark of that key."""
    key = _keys(make=True)[0]
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())
    return base64.b64encode(sealed).decode(), mark_of(key)


def unseal(sealed: str, mark: str, about: str) -> str:
    """The text again. Raises NotPossibleNow where its key is not here or it was tampered with."""
    key = next((each for each in _keys() if mark_of(each) == mark), None)
    if key is None:
        raise NotPossibleNow(
            "key_missing",
            _(
                "The key of this identity is not on this installation. "
                "Ask the administrator to put the file of keys back."
            ),
        )
    content = base64.b64decode(sealed)
    try:
        opened = AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], about.encode())
    except InvalidTag:
        raise NotPossibleNow(
            "identity_damaged",
            _("What is kept of this identity was changed outside the product and does not open."),
        ) from None
    return opened.decode()


def mark_of(key: bytes) -> str:
    """What tells keys apart and says nothing of them."""
    return hashlib.sha256(key).hexdigest()[:MARK_CHARACTERS]


def first_mark() -> str:
    return mark_of(_keys(make=True)[0])


def add_key() -> str:
    """Put a new key before the others; returns its mark."""
    keys = _keys(make=True)
    _write([os.urandom(KEY_BYTES), *keys], replace=True)
    return first_mark()


def drop_other_keys() -> int:
    """Leave the first key alone in the file; returns how many were dropped."""
    keys = _keys(make=True)
    _write(keys[:1], replace=True)
    return len(keys) - 1


def _keys(*, make: bool = False) -> list[bytes]:
    """The keys as the file has them now: it may have been changed by another process."""
    file = _file()
    if make and not file.exists():
        _write([os.urandom(KEY_BYTES)], replace=False)
    if not file.exists():
        return []
    keys = [base64.b64decode(line, validate=True) for line in file.read_text().split()]
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError(f"{file} holds no keys of {KEY_BYTES} bytes")
    return keys


def _write(keys: list[bytes], *, replace: bool) -> None:
    """Whole or not at all; of two processes that make the first key, the first one's stays."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "w") as out:
        out.writelines(f"{base64.b64encode(key).decode()}\n" for key in keys)
        out.flush()
        os.fsync(out.fileno())
    if replace:
        os.replace(name, file)
        return
    try:
        os.link(name, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)


def _file() -> Path:
    return Path(str(settings.PROTECTED_IDENTITY_KEY_FILE))
