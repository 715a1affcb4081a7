"""Everything that an evaluation asks for in one file: questionnaires, figures, and the lists behind.

A ZIP of workbooks and tables with a manifest: the period, the day of the data, and the SHA-256 of each
file, so that the same pack can be told from another.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date, datetime

from django.utils.translation import gettext as _

from mla import statistics
from registry.models import Authority, User
from registry.spreadsheets import Sheet, as_csv, as_xlsx
from registry.state_directory import state_label
from treaties import questionnaires


def make(owner: Authority, since: date, until: date, *, user: User, now: datetime) -> bytes:
    """The pack. Lists hold what the person may see; figures count whatever is not sealed."""
    files: dict[str, bytes] = {}
    answers = questionnaires.gather(owner, since, until, user)
    for code in questionnaires.known():
        asked = questionnaires.answered_from(answers, code)
        files[f"questionnaires/{code}.xlsx"] = as_xlsx(
            [questionnaires.as_sheet(asked)], title=asked.title
        )
    rows = [[str(f.label), questionnaires.figure_words(f)] for f in answers.figures.values()]
    files["figures.csv"] = as_csv(Sheet("", [_("Figure"), _("Number")], rows))
    found = statistics.of_period(owner, since, until, user)
    for code, label in statistics.LABELS.items():
        files[f"lists/{code}.csv"] = as_csv(_list(str(label), found.matters[code]))
    if not found.balanced:
        files["lists/contradictions.csv"] = as_csv(_list("", found.breaks))
    manifest = {
        "authority": owner.name,
        "state": owner.state_id,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "data_as_on": now.isoformat(),
        "made_for": user.name,
        "balanced": found.balanced,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    files["manifest.json"] = json.dumps(manifest, indent=2, ensure_ascii=False).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    return made.getvalue()


def _list(title: str, matters: list[statistics.Matter]) -> Sheet:
    columns = [_("Reference"), _("Requested State"), _("Legal basis"), _("Sent"), _("Ended")]
    rows = [[m.reference, state_label(m.state), m.basis, m.sent_at, m.closed_at] for m in matters]
    return Sheet(title, columns, rows)
