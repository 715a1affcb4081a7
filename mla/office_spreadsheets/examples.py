"""An example of each spreadsheet that can be taken in: for a first try, and as a form to fill in.

All of it is invented. The persons and deadlines belong to the requests of the first, so the three are
tried in that order.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from mla.office_spreadsheets import fields
from registry.refusals import NotFound
from registry.spreadsheets import Sheet, as_xlsx

REQUEST_HEADINGS = (
    "Our reference", "Their reference", "Direction", "Country", "Subject", "Status", "Date sent",
    "Date received", "Acknowledged", "Answered", "Closed", "Persons", "Urgent", "Remarks",
)  # fmt: skip
PERSON_HEADINGS = (
    "Our reference", "Family name", "Given names", "Name in original script", "Role",
    "Date of birth", "Place of birth", "Nationality", "Alias in letters",
)  # fmt: skip
DEADLINE_HEADINGS = ("Our reference", "What", "Due date", "Critical")
Rows = list[tuple[object, ...]]


def example(kind: str, today: date) -> bytes:
    """The example as XLSX. Raises NotFound for a kind that there is not."""
    known: dict[str, tuple[tuple[str, ...], Callable[[date], Rows]]] = {
        fields.REQUESTS: (REQUEST_HEADINGS, _requests),
        fields.PERSONS: (PERSON_HEADINGS, lambda today: PERSONS),
        fields.DEADLINES: (DEADLINE_HEADINGS, _deadlines),
    }
    if kind not in known:
        raise NotFound("not_found", _("There is nothing here, or nothing that you may see."))
    headings, rows = known[kind]
    return as_xlsx([Sheet(kind, headings, rows(today))], title=kind)


def _requests(today: date) -> Rows:
    def ago(days: int) -> date:
        return today - timedelta(days=days)

    return [
        ("EXAMPLE/1", "ARG-2291", "sent", "Argentina", "Bank records of a shipping agent",
         "executed", ago(700), None, ago(680), ago(420), None, "Ruiz Ferrer, Lucía", "", ""),
        ("EXAMPLE/2", "", "sent", "Slovenia", "Statement of a former driver", "sent",
         ago(60), None, None, None, None, "Novak, Janez; Kos, Maja", "yes", "Chamber asked twice"),
        ("EXAMPLE/3", "", "sent", "Mongolia", "Service of a summons", "draft",
         None, None, None, None, None, "", "", "Address still to be found"),
        ("EXAMPLE/4", "KPK 77/24", "received", "Slovenia", "Search of a flat and copies of telephones",
         "in execution", None, ago(90), ago(85), None, None, "Zupan, Aleš", "", ""),
        ("EXAMPLE/5", "EX-118", "received", "Argentina", "Statement of a witness", "closed",
         None, ago(500), ago(495), ago(300), ago(290), "", "", ""),
    ]  # fmt: skip


PERSONS: Rows = [
    ("EXAMPLE/2", "Novak", "Janez", "", "suspect", "1978-03-05", "Maribor", "Slovenia", ""),
    ("EXAMPLE/3", "Батболд", "Ганзориг", "Батболдын Ганзориг", "addressee of documents", "1969",
     "Ulaanbaatar", "Mongolia", ""),
    ("EXAMPLE/4", "Horvat", "Ana", "", "witness", "", "", "", "Witness A"),
]  # fmt: skip


def _deadlines(today: date) -> Rows:
    return [
        ("EXAMPLE/2", "Remind them of the statement", today + timedelta(days=14), ""),
        ("EXAMPLE/4", "Return the copies to the court", today + timedelta(days=30), "yes"),
    ]
