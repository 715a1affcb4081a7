"""Office templates of letters: letterhead, signature block, standard paragraphs, in versions.

An office works on one draft a language and publishes it as the next version. New letters take the
last published version. A final letter keeps in its content what the version said and which it was,
so that made again it is the same.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from registry import pictures, standard_texts
from registry.access import authorities_where
from registry.models import Authority, LetterTemplate, User
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow, Stale, Text
from registry.standard_texts import PLACEHOLDER, StandardParagraph

JSON = dict[str, Any]
ACT = "keep_letter_templates"
TEXTS = ("name", "lines", "signature", "confidentiality", "closing")
PICTURES = ("logo", "seal")
MOST_LINES, LONGEST_LINE = {"lines": 6, "signature": 4}, 160
LONGEST_PARAGRAPH, LONGEST_NAME = 2000, 240
BLANKS = frozenset({"sender", "addressee", "our_reference", "their_reference"})
"""What every letter knows, and a standard paragraph may so speak of."""
KEPT_SIZE = {"logo": (900, 300), "seal": (500, 500)}
"""In pixels: enough for print at the size that letters give them."""
CONFIDENTIALITY, CLOSING = "office_confidentiality", "closing"


# --- finding ----------------------------------------------------------------------------------


def languages() -> list[str]:
    """The languages that letters are written in."""
    return sorted(path.stem for path in standard_texts.FRAMES.glob("*.yaml"))


def published(authority: Authority, language: str) -> LetterTemplate | None:
    """The version that new letters take; None where the office has none in this language."""
    versions = LetterTemplate.objects.filter(authority=authority, language=language)
    return versions.filter(version__isnull=False).order_by("-version").first()


def draft_of(authority: Authority, language: str) -> LetterTemplate | None:
    found = LetterTemplate.objects.filter(authority=authority, language=language)
    return found.filter(version__isnull=True).first()


def history(authority: Authority, language: str) -> list[LetterTemplate]:
    """The versions, newest first, without their pictures."""
    found = LetterTemplate.objects.filter(authority=authority, language=language)
    kept = found.filter(version__isnull=False).order_by("-version")
    return list(kept.defer(*PICTURES).select_related("published_by"))


# --- writing ----------------------------------------------------------------------------------


def keep_draft(
    authority: Authority,
    language: str,
    texts: Mapping[str, str],
    *,
    files: Mapping[str, BinaryIO] | None = None,
    without: frozenset[str] = frozenset(),
    expected_revision: int | None = None,
    user: User,
    now: datetime,
) -> LetterTemplate:
    """Write the draft of a language; the first begins from the version in use.

    ``files`` are pictures by name, ``without`` the names of those to be taken away. Raises
    NotAllowed, Invalid by field, and Stale when somebody else wrote since.
    """
    _demand(user, authority)
    changes = read(language, texts, files or {})
    with transaction.atomic():
        Authority.objects.select_for_update().get(pk=authority.pk)
        draft = draft_of(authority, language)
        if expected_revision is not None and expected_revision != (draft.revision if draft else 0):
            raise Stale(
                "stale",
                _("Somebody else changed this template since. Reload it, and write again."),
            )
        if draft is None:
            draft = _begun(authority, language)
        else:
            draft.revision += 1
        for name, value in changes.items():
            setattr(draft, name, value)
        for name in without - set(files or {}):
            setattr(draft, name, None)
        draft.edited_by, draft.edited_at = user, now
        draft.save()
    return draft


def _begun(authority: Authority, language: str) -> LetterTemplate:
    draft = LetterTemplate(authority=authority, language=language)
    if before := published(authority, language):
        for name in (*TEXTS, *PICTURES):
            setattr(draft, name, getattr(before, name))
    return draft


def publish(authority: Authority, language: str, *, user: User, now: datetime) -> LetterTemplate:
    """Make the draft the next version. Letters that are not final yet take it from here on."""
    _demand(user, authority)
    with transaction.atomic():
        Authority.objects.select_for_update().get(pk=authority.pk)
        draft = draft_of(authority, language)
        if draft is None:
            raise NotPossibleNow("no_draft", _("There is no draft to publish. Write one first."))
        versions = LetterTemplate.objects.filter(authority=authority, language=language)
        draft.version = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
        draft.published_by, draft.published_at = user, now
        draft.save()
    return draft


def discard(authority: Authority, language: str, *, user: User) -> None:
    """Throw the draft away; the version in use stays."""
    _demand(user, authority)
    drafts = LetterTemplate.objects.filter(authority=authority, language=language)
    drafts.filter(version__isnull=True).delete()


def _demand(user: User, authority: Authority) -> None:
    if authority.pk not in authorities_where(user, ACT):
        raise NotAllowed(
            "role_may_not", _("Your role does not keep the letter templates of this office.")
        )


# --- reading what was typed and uploaded --------------------------------------------------------


def read(language: str, texts: Mapping[str, str], files: Mapping[str, BinaryIO]) -> JSON:
    """What was typed and uploaded, brought to what is kept. Raises Invalid by field."""
    if language not in languages():
        raise NotFound("unknown_language", _("Letters are not written in this language."))
    wrong: dict[str, list[Text]] = {}
    found: JSON = {}
    for name in TEXTS:
        if name in texts:
            found[name] = texts[name].replace("\r\n", "\n").strip()
            if said := _too_long(name, found[name]) or _unknown_blank(found[name]):
                wrong[name] = [said]
    for name, file in files.items():
        try:
            found[name] = picture(name, file)
        except ValueError as error:
            wrong[name] = [str(error)]
    if wrong:
        raise Invalid("invalid", _("The template cannot be kept like this."), fields=wrong)
    return found


def _too_long(name: str, text: str) -> str:
    if name in MOST_LINES:
        lines = text.splitlines()
        if len(lines) > MOST_LINES[name] or any(len(line) > LONGEST_LINE for line in lines):
            return _("Write at most %(most)s lines of %(longest)s characters.") % {
                "most": MOST_LINES[name],
                "longest": LONGEST_LINE,
            }
        return ""
    longest = LONGEST_NAME if name == "name" else LONGEST_PARAGRAPH
    if len(text) > longest:
        return _("Shorten it to %(longest)s characters.") % {"longest": longest}
    return ""


def _unknown_blank(text: str) -> str:
    rest = PLACEHOLDER.sub(lambda m: "" if m[1] in BLANKS else m[0], text)
    if "{" not in rest and "}" not in rest:
        return ""
    known = ", ".join(f"{{{name}}}" for name in sorted(BLANKS))
    return _("Between braces only these can stand: %(known)s.") % {"known": known}


def picture(name: str, file: BinaryIO) -> bytes:
    """A picture as letters bear it: PNG, no larger than needed, without anything that came with it.

    Raises ValueError for what is no PNG or JPEG, or too large.
    """
    made = pictures.read(file)
    made.thumbnail(KEPT_SIZE[name])
    kept = io.BytesIO()
    made.save(kept, "PNG", optimize=True)
    return kept.getvalue()


# --- what letters take from it --------------------------------------------------------------


def said(authority: Authority, language: str) -> JSON:
    """What the version in use says, as a letter's content keeps it; empty where there is none."""
    found = published(authority, language)
    return as_content(found) if found else {}


def as_content(template: LetterTemplate) -> JSON:
    return {
        "template": template.pk,
        "version": template.version,
        "name": template.name,
        "lines": template.lines.splitlines(),
        "signature": template.signature.splitlines(),
        "confidentiality": template.confidentiality,
        "closing": template.closing,
    }


def with_office_paragraphs(
    paragraphs: list[StandardParagraph], office: JSON
) -> list[StandardParagraph]:
    """The standard paragraphs of a letter with those of the office: its own closing in place of the
    standard one, and what it says on confidentiality before that."""
    found = []
    for paragraph in paragraphs:
        if paragraph.key == CLOSING:
            if text := office.get("confidentiality"):
                found.append(StandardParagraph(key=CONFIDENTIALITY, text=text))
            if text := office.get("closing"):
                paragraph = replace(paragraph, text=text)
        found.append(paragraph)
    return found


def pictures_of(template: int | None) -> dict[str, str]:
    """The pictures of the version that a letter was made with, for its HTML. One query."""
    found = LetterTemplate.objects.filter(pk=template).first() if template else None
    return as_pictures(found) if found else {}


def as_pictures(template: LetterTemplate) -> dict[str, str]:
    kept = {name: getattr(template, name) for name in PICTURES}
    return {name: in_html(bytes(content)) for name, content in kept.items() if content}


def in_html(content: bytes) -> str:
    return f"data:image/png;base64,{b64encode(content).decode()}"
