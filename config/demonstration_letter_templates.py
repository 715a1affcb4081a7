"""The demonstration's letterheads: invented arms, in the languages of the office."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw

from registry import letter_templates
from registry.models import Authority, Role, User

OFFICE = "BE-CA"
TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "lines": "Mutual legal assistance section\n1 Example Square, 1000 Brussels",
        "signature": "For the Minister of Justice",
        "confidentiality": "This letter and its enclosures are confidential and meant for the "
        "authority named above alone.",
    },
    "fr": {
        "lines": "Section de l'entraide judiciaire\n1, place de l'Exemple, 1000 Bruxelles",
        "signature": "Pour le ministre de la Justice",
        "confidentiality": "La présente lettre et ses annexes sont confidentielles et destinées à "
        "la seule autorité désignée ci-dessus.",
    },
}


def load_letter_templates(now: datetime) -> int:
    """Publish the letterheads of the central authority, unless there are some. How many."""
    office = Authority.objects.filter(reference_prefix=OFFICE).first()
    keeper = (
        User.objects.filter(
            memberships__authority=office, memberships__role=Role.APPROVING_OFFICER
        ).first()
        if office
        else None
    )
    if office is None or keeper is None or letter_templates.published(office, "en"):
        return 0
    by: dict[str, Any] = {"user": keeper, "now": now}
    for language, texts in TEXTS.items():
        letter_templates.keep_draft(office, language, texts, files={"logo": _arms()}, **by)
        letter_templates.publish(office, language, **by)
    return len(TEXTS)


def _arms() -> io.BytesIO:
    """A shield that is nobody's."""
    image = Image.new("RGBA", (240, 280), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    shield = [(20, 20), (220, 20), (220, 150), (120, 260), (20, 150)]
    draw.polygon(shield, fill=(15, 76, 92, 255))
    draw.line([(20, 20), (220, 150)], fill=(255, 255, 255, 255), width=14)
    draw.ellipse((135, 45, 185, 95), fill=(226, 177, 60, 255))
    made = io.BytesIO()
    image.save(made, "PNG")
    made.seek(0)
    return made
