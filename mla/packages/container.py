"""A package as a file: a ZIP laid out like an ASiC-E container, with a detached signature.

    mimetype                    first and stored, so that the file tells what it is
    request.json                the data
    letter/…  annexes/…         the documents
    META-INF/manifest.json      every file above with its size and SHA-256
    META-INF/signature.json     ES256 signature of the manifest's bytes, and the key that made it

Nothing in a file that came from elsewhere is believed before sizes, digests and signature are checked.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.conf import settings
from django.utils.translation import gettext as _

from mla.packages.content import FORMAT, VERSION
from registry import installation_key
from registry.refusals import Invalid, Text

MIMETYPE = "application/vnd.etsi.asic-e+zip"
DATA, MANIFEST, SIGNATURE = "request.json", "META-INF/manifest.json", "META-INF/signature.json"
PATH = re.compile(r"(letter|annexes)/[A-Za-z0-9][A-Za-z0-9._-]{0,150}")
MOST_FILES = 500
LARGEST_DATA = 20_000_000


def write(out: IO[bytes], told: dict[str, Any], files: Iterable[tuple[str, IO[bytes]]]) -> None:
    """Write the package and sign it with this installation's key."""
    listed: list[dict[str, Any]] = []
    data = _json(told)
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", MIMETYPE, ZIP_STORED)
        packed.writestr(DATA, data)
        listed.append(_listed(DATA, len(data), hashlib.sha256(data).hexdigest()))
        for path, content in files:
            size, digest = 0, hashlib.sha256()
            with packed.open(path, "w", force_zip64=True) as entry:
                while piece := content.read(1 << 20):
                    entry.write(piece)
                    digest.update(piece)
                    size += len(piece)
            listed.append(_listed(path, size, digest.hexdigest()))
        manifest = _json(
            {
                "format": FORMAT,
                "version": VERSION,
                "identifier": told["identifier"],
                "files": listed,
            }
        )
        packed.writestr(MANIFEST, manifest)
        signature = {
            "algorithm": installation_key.ALGORITHM,
            "fingerprint": installation_key.fingerprint(),
            "public_key": installation_key.public_key(),
            "signature": installation_key.sign(manifest),
        }
        packed.writestr(SIGNATURE, _json(signature))


@dataclass(frozen=True)
class Opened:
    """A package that was checked: who signed it, what it says, which files it has."""

    identifier: uuid.UUID
    fingerprint: str
    public_key: str
    told: dict[str, Any]
    paths: list[str] = field(default_factory=list)


def open_checked(stream: IO[bytes]) -> Opened:
    """Check a package wholly: structure, sizes, digests, signature, format.

    Raises Invalid (``file``) that names every problem found.
    """
    try:
        with ZipFile(stream) as packed:
            return _checked(packed)
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise _refused([_("This is no package: it cannot be unpacked.")]) from None


def read_file(stream: IO[bytes], path: str) -> bytes:
    """One file of a package that was checked before."""
    with ZipFile(stream) as packed:
        return packed.read(path)


def _checked(packed: ZipFile) -> Opened:
    infos = packed.infolist()
    names = [info.filename for info in infos]
    if not {"mimetype", DATA, MANIFEST, SIGNATURE} <= set(names) or len(names) != len(set(names)):
        raise _refused([_("This is no package of a request: files of it are missing.")])
    if len(infos) > MOST_FILES:
        raise _refused([_("This package has too many files.")])
    sizes = {info.filename: info.file_size for info in infos}
    if any(sizes[name] > LARGEST_DATA for name in (DATA, MANIFEST, SIGNATURE)) or any(
        size > settings.DOCUMENT_MAX_BYTES for name, size in sizes.items()
    ):
        raise _refused([_("A file of this package is too large.")])
    signed = packed.read(MANIFEST)
    manifest, signature, told = (
        _object(signed),
        _object(packed.read(SIGNATURE)),
        _object(packed.read(DATA)),
    )
    problems: list[Text] = []
    public_key = str(signature.get("public_key", ""))
    fingerprint = ""
    try:
        fingerprint = installation_key.fingerprint_of(public_key)
    except ValueError:
        problems.append(_("The signature names no key."))
    if fingerprint and not installation_key.is_signed_by(
        public_key, str(signature.get("signature", "")), signed
    ):
        problems.append(_("The signature is not right: the package was altered."))
    problems += _wrong_files(packed, manifest, set(names))
    problems += _wrong_format(manifest, told, fingerprint)
    if problems:
        raise _refused(problems)
    paths = [str(each["path"]) for each in told["documents"]]
    identifier = uuid.UUID(str(told["identifier"]))
    return Opened(identifier, fingerprint, public_key, told, paths)


def _wrong_files(packed: ZipFile, manifest: dict[str, Any], names: set[str]) -> list[Text]:
    files = manifest.get("files")
    if not isinstance(files, list) or not all(isinstance(each, dict) for each in files):
        return [_("The manifest lists no files.")]
    listed = {str(each.get("path")): each for each in files}
    problems: list[Text] = []
    for name in sorted(names - {"mimetype", MANIFEST, SIGNATURE}):
        if name not in listed:
            problems.append(_("The file %(name)s is not in the manifest.") % {"name": name[:160]})
        elif name != DATA and not PATH.fullmatch(name):
            problems.append(_("The file %(name)s has no place here.") % {"name": name[:160]})
        elif _digest(packed, name) != listed[name].get("sha256"):
            problems.append(_("The file %(name)s was altered.") % {"name": name[:160]})
    problems += [
        _("The file %(name)s is missing.") % {"name": name[:160]}
        for name in sorted(listed.keys() - names)
    ]
    return problems


def _wrong_format(manifest: dict[str, Any], told: dict[str, Any], fingerprint: str) -> list[Text]:
    if told.get("format") != FORMAT or told.get("version") != VERSION:
        return [_("This version of the format is not known here.")]
    problems: list[Text] = []
    try:
        uuid.UUID(str(told.get("identifier")))
    except ValueError:
        problems.append(_("The package has no identifier."))
    if manifest.get("identifier") != told.get("identifier"):
        problems.append(_("Manifest and data belong to different packages."))
    sender, addressee, request = (told.get(name) for name in ("sender", "addressee", "request"))
    if not all(isinstance(part, dict) for part in (sender, addressee, request)):
        return [*problems, _("The data is not complete.")]
    if sender.get("installation") != fingerprint:  # type: ignore[union-attr]
        problems.append(_("The data names another sender than the signature."))
    documents = told.get("documents")
    listed = {str(each.get("path")) for each in manifest.get("files", []) if isinstance(each, dict)}
    if not isinstance(documents, list) or not all(
        isinstance(each, dict) and each.get("path") in listed for each in documents
    ):
        problems.append(_("The data names documents that are not in the package."))
    return problems


def _digest(packed: ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with packed.open(name) as entry:
        while piece := entry.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _listed(path: str, size: int, digest: str) -> dict[str, Any]:
    return {"path": path, "size": size, "sha256": digest}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _refused([_("The data of this package cannot be read.")])
    return found


def _refused(problems: list[Text]) -> Invalid:
    said = " ".join(str(problem) for problem in problems)
    return Invalid("package_wrong", said, fields={"file": problems})
