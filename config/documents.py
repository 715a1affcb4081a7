"""The documents that are made from the code, so that they cannot drift from it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from cases import extradition_diagram
from mla.management.commands import lifecycle_diagram
from registry.access import MAY, READS_THE_AUTHORITYS_FILES
from registry.models import Role

DOCS = Path(settings.PROJECT_ROOT) / "docs"
NOTICE = "Made from the code by `make docs`; changes here are lost."

ACTS = {
    "open_dossier": "open a dossier",
    "edit": "edit a draft",
    "submit": "submit for approval, return to the drafter",
    "approve": "approve",
    "send": "mark as sent",
    "record_answer": "record what the other side answers",
    "register": "register a request received",
    "triage": "triage a request received, acknowledge it, ask for more",
    "decide": "accept, postpone, return or refer a request received",
    "execute": "record the execution of a request received",
    "refuse": "refuse a request received",
    "withdraw": "withdraw",
    "close": "close",
    "seal": "seal",
    "name_people": "name people on a dossier",
    "reassign": "give a dossier to another officer",
    "set_deadline": "set a deadline by hand",
    "import_records": "take in the office's spreadsheets",
    "keep_case_file": "open and keep a case file",
    "run_extradition": "open and run an extradition",
    "approve_extradition": "approve and send another officer's formal request of extradition",
    "read_protected_identity": "read who a protected person is, if named on the dossier",
    "keep_peers": "accept the keys of other installations",
    "assess": "assess an obligation of the State",
    "review_assessment": "review and publish another officer's assessment",
    "keep_office_calendar": "mark days off and days worked of the authority",
    "keep_state_calendar": "mark days off and days worked of a State",
    "explain_missed": "say why a deadline was missed",
    "edit_register": "edit the register, decide on proposals",
    "verify_register": "verify a fact of the register",
    "set_reminders": "set the authority's reminders, supervision and webhooks",
    "keep_letter_templates": "keep the authority's letter templates",
}


def documents() -> dict[Path, str]:
    """Every generated document: where it belongs and what it says now."""
    with override("en"):
        return {
            DOCS / "openapi.yaml": openapi(),
            DOCS / "access.md": access(),
            DOCS / "request-lifecycle.md": life_of_a_request(),
            DOCS / "extradition-life.md": life_of_an_extradition(),
        }


def openapi() -> str:
    """The same as `manage.py spectacular` writes."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return OpenApiYamlRenderer().render(schema, renderer_context={}).decode()


def life_of_a_request() -> str:
    return lifecycle_diagram.document()


def life_of_an_extradition() -> str:
    return (
        f"{extradition_diagram.BEGINNING}{extradition_diagram.diagram()}\n"
        f"{extradition_diagram.table()}"
    )


def access() -> str:
    """Who may see and do what, from the tables of registry/access.py."""
    roles = [Role(role) for role in Role.values]
    head = ["", *(str(role.label) for role in roles)]
    rows = [["see the authority's dossiers that are not sealed"]]
    rows[0] += ["yes" if role in READS_THE_AUTHORITYS_FILES else "" for role in roles]
    for act, allowed in MAY.items():
        rows.append([ACTS[act], *("yes" if role in allowed else "" for role in roles)])
    return f"""# Who may see and do what

<!-- {NOTICE} -->

Every role is held in one authority and counts for its dossiers alone. A person named on a dossier
sees it, sealed or not, whatever their authority; a ministry reporter reads the dossiers of
obligations of the authority, and no others; a sealed dossier is seen by nobody else. What
somebody may not see answers 404 and leaves no trace in lists, counts, search, deadlines or errors.

{table(head, rows)}

Besides the role, four eyes: who drafted, last edited or submitted a request cannot approve it, and
who drafted or submitted an assessment cannot publish it. The database holds this too (constraints
`request_four_eyes` and `assessment_four_eyes`).
"""


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
