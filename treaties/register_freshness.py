"""Tell every process that the register has changed, whoever changes a row of it.

Only what is remembered in memory depends on this; no rule does. Changes in bulk pass by it: they
call ``touch_register`` themselves, as the loader does.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models.signals import post_delete, post_save

from registry.models import Authority, State


def watch_the_register() -> None:
    from treaties import models

    watched = (
        State,
        Authority,
        models.CoveredOffence,
        models.CoveredPurpose,
        models.Declaration,
        models.Designation,
        models.Displacement,
        models.Instrument,
        models.MeasureAvailability,
        models.MeasureKind,
        models.OffenceFamily,
        models.Participation,
        models.RefusalGround,
        models.RequestTemplate,
    )
    for model in watched:
        post_save.connect(_changed, sender=model, dispatch_uid=f"register-saved-{model.__name__}")
        post_delete.connect(_changed, sender=model, dispatch_uid=f"register-gone-{model.__name__}")


def touch_register(*, now: datetime | None = None) -> None:
    """Say that the register has changed, so that every process reads it anew."""
    from treaties.models import RegisterVersion

    values = {"stamp": uuid.uuid4().hex} | ({"loaded_at": now} if now else {})
    RegisterVersion.objects.update_or_create(pk=1, defaults=values)


def _changed(sender: type, **kwargs: Any) -> None:
    if not kwargs.get("raw"):
        touch_register()
