"""The demonstration's case files of the central authorities: one for each case, with its requests.

Matters of one case are no news to each other, so that the demonstration's matches are those between
the cases of different offices. All of it is invented.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cases import case_file_parts, case_files
from config.demonstration_requests import book, officer
from registry.models import Authority, Dossier, Role

STAGE = "investigation"
ACCOUNTS = {"karsa_valley": "BE68 5390 0754 7034"}
"""An account that two offices know of: each is told, and neither sees the other's case."""


def load_case_files(now: datetime) -> int:
    """Open the case files that are not there yet and link their requests. Returns how many."""
    made = 0
    titles: dict[tuple[str, str], list[str]] = {}
    for listed in book()["requests"]:
        titles.setdefault((listed["office"], listed["case"]), []).append(listed["title"])
    for (prefix, name), of_case in titles.items():
        owner = Authority.objects.get(reference_prefix=prefix)
        if Dossier.objects.filter(owner=owner, kind=case_files.KIND, title=of_case[0]).exists():
            continue
        with transaction.atomic():
            _open(owner, name, of_case, now)
        made += 1
    return made


def _open(owner: Authority, name: str, titles: list[str], now: datetime) -> None:
    told = book()["cases"][name]
    user = officer(owner, Role.DRAFTING_OFFICER)
    by: dict[str, Any] = {"user": user, "now": now - timedelta(days=2)}
    case = case_files.open_case_file(
        owner=owner, title=titles[0], stage=STAGE, summary=told["facts"], **by
    )
    for family in told["offences"]:
        case_file_parts.add(case, "offences", {"family": family}, **by)
    if account := ACCOUNTS.get(name):
        given = {"kind": "account", "identifier_kind": "iban", "identifier": account}
        case_file_parts.add(case, "objects", given, **by)
    requests = Dossier.objects.filter(owner=owner, kind="request", title__in=titles)
    for reference in requests.order_by("pk").values_list("reference", flat=True):
        case_file_parts.add(case, "linked", {"reference": reference}, **by)
