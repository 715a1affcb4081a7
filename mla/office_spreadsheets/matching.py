"""Which request a row of persons or deadlines belongs to, by our reference, the former or theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from mla.models import SpreadsheetImport
from mla.office_spreadsheets import fields
from mla.office_spreadsheets.problems import problem
from mla.office_spreadsheets.understanding import Row
from registry.access import may
from registry.models import Dossier, User

ACTS = {fields.PERSONS: "edit", fields.DEADLINES: "set_deadline"}


class Matches:
    """The dossiers that rows name: only those of the office that the person may see and change."""

    def __init__(self, taken_in: SpreadsheetImport, user: User) -> None:
        self.taken_in = taken_in
        self.user = user

    def find(self, rows: Sequence[Row]) -> dict[int, Dossier]:
        """The dossier of each row, by the row's number; a problem is noted on rows without one."""
        named: dict[str, dict[int, Dossier]] = defaultdict(dict)
        references = {text for row in rows for text in self._references(row)}
        if references:
            seen = Dossier.objects.visible_to(self.user).filter(
                owner=self.taken_in.owner_id, kind="request"
            )
            found = seen.filter(
                Q(reference__in=references)
                | Q(former_reference__in=references)
                | Q(foreign_reference__in=references)
            ).select_related("request", "owner__state")
            for dossier in found:
                for name in (
                    dossier.reference,
                    dossier.former_reference,
                    dossier.foreign_reference,
                ):
                    if name:
                        named[name][dossier.pk] = dossier
        matched = {}
        for row in rows:
            one = self._one(row, named)
            if one is not None and self._may(row, one):
                matched[row.number] = one
        return matched

    def _references(self, row: Row) -> list[str]:
        given = (row.said.get("own_reference"), row.said.get("foreign_reference"))
        return [text for text in given if text]

    def _one(self, row: Row, named: dict[str, dict[int, Dossier]]) -> Dossier | None:
        references = self._references(row)
        found: dict[int, Dossier] = {}
        for text in references:
            if found := named.get(text, {}):
                break
        if len(found) == 1:
            return next(iter(found.values()))
        code = "reference_several" if found else "reference_unknown"
        row.problems.append(problem(code, "own_reference", " / ".join(references)))
        return None

    def _may(self, row: Row, dossier: Dossier) -> bool:
        reference = dossier.reference
        if not may(self.user, ACTS[self.taken_in.kind], dossier):
            row.problems.append(problem("role_may_not", "own_reference", reference))
            return False
        if self.taken_in.kind == fields.PERSONS and dossier.request.approved_at is not None:
            row.problems.append(problem("not_editable", "own_reference", reference))
            return False
        return True
