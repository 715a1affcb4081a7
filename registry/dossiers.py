"""Opening dossiers, numbering them, and changing them safely."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry import timeline
from registry.models import Authority, Dossier, NamedOnDossier, ReferenceSeries, State, User
from registry.refusals import Stale


def next_reference(authority: Authority, kind_mark: str, year: int) -> str:
    """The next number of the authority's series for this kind and year.

    For example BE-CA/MLA-S/2026/00012. Numbers are given under a row lock: none twice.
    """
    series = f"{authority.reference_prefix}/{kind_mark}/{year}"
    with transaction.atomic():
        ReferenceSeries.objects.get_or_create(series=series)
        ReferenceSeries.objects.filter(series=series).update(last_number=F("last_number") + 1)
        number = ReferenceSeries.objects.values_list("last_number", flat=True).get(series=series)
    return f"{authority.reference_prefix}-{kind_mark}-{year}-{number:05d}"


def open_dossier(
    *,
    kind: str,
    kind_mark: str,
    owner: Authority,
    responsible: User,
    direction: str,
    counterpart: State | None,
    status: str,
    title: str = "",
    confidentiality: str = Dossier.Confidentiality.ORDINARY,
    now: datetime,
) -> Dossier:
    """Open a numbered dossier. The responsible person is named on it."""
    dossier = Dossier.objects.create(
        kind=kind,
        reference=next_reference(owner, kind_mark, timezone.localtime(now).year),
        title=title,
        owner=owner,
        responsible=responsible,
        direction=direction,
        counterpart=counterpart,
        status=status,
        confidentiality=confidentiality,
        updated_at=now,
    )
    NamedOnDossier.objects.create(dossier=dossier, user=responsible, added_by=responsible)
    timeline.record(dossier, "dossier.opened", actor=responsible, at=now, kind=kind)
    return dossier


@contextmanager
def changing(dossier: Dossier, *, expected_version: int | None, now: datetime) -> Iterator[Dossier]:
    """Change a dossier and what belongs to it: locked, in one transaction, version plus one.

    Steps:
    1. Claim the row by raising its version, which also locks it until the transaction ends.
    2. When ``expected_version`` is given and is not the row's, raise Stale; nothing has changed.
    3. Give the fresh row to the caller, who changes it, and save it.
    """
    with transaction.atomic():
        rows = Dossier.objects.filter(pk=dossier.pk)
        if expected_version is not None:
            rows = rows.filter(version=expected_version)
        if rows.update(version=F("version") + 1, updated_at=now) != 1:
            raise Stale(
                "stale",
                _(
                    "Somebody changed this dossier after you opened it. "
                    "Reload it, compare, and make your change again."
                ),
            )
        fresh = Dossier.objects.get(pk=dossier.pk)
        yield fresh
        fresh.save()
        for field in Dossier._meta.concrete_fields:
            setattr(dossier, field.attname, getattr(fresh, field.attname))
