"""The documents that are made from the code, so that they cannot drift from it."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.conf import settings
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator

from mla.lifecycle import EDITABLE, ENDED, MOVES, Status
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
    "withdraw": "withdraw",
    "close": "close",
    "seal": "seal and unseal",
    "name_people": "name people on a dossier",
    "set_deadline": "set a deadline by hand",
    "edit_register": "edit the register",
}


def documents() -> dict[Path, str]:
    """Every generated document: where it belongs and what it says now."""
    with override("en"):
        return {
            DOCS / "openapi.yaml": openapi(),
            DOCS / "access.md": access(),
            DOCS / "request-life.md": life_of_a_request(),
        }


def openapi() -> str:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return yaml.safe_dump(plain(schema), sort_keys=False, allow_unicode=True, width=100)


def plain(value: object) -> object:
    """The same without lazy texts and special mappings, which YAML cannot write."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


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
sees it, sealed or not, whatever their authority; a sealed dossier is seen by nobody else. What
somebody may not see answers 404 and leaves no trace in lists, counts, search, deadlines or errors.

{table(head, rows)}

Besides the role, four eyes: who drafted, last edited or submitted a request cannot approve it. The
database holds this too (constraint `request_four_eyes`).
"""


def life_of_a_request() -> str:
    """The states and moves of mla/lifecycle.py as a diagram and a table."""
    lines = ["stateDiagram-v2", f"    [*] --> {Status.DRAFT}"]
    for move in MOVES.values():
        lines += [
            f"    {source} --> {move.target}: {move.label}"
            for source in Status.values
            if source in move.sources
        ]
    lines += [f"    {status} --> [*]" for status in Status.values if status in ENDED]
    diagram = "\n".join(lines)
    rows = [
        [
            str(move.label),
            f"`{move.name}`",
            ", ".join(Status(s).label for s in Status.values if s in move.sources),
            str(Status(move.target).label),
            ACTS[move.act],
            "; ".join((guard.__doc__ or guard.__name__).strip() for guard in move.guards),
            ", ".join(f"`{need}`" for need in move.needs),
        ]
        for move in MOVES.values()
    ]
    head = ["move", "name", "from", "to", "takes the right to", "must be true", "needs"]
    editable = ", ".join(Status(s).label for s in Status.values if s in EDITABLE)
    return f"""# The life of a request

<!-- {NOTICE} -->

From the table `MOVES` in `mla/lifecycle.py`. A move that is not here does not exist. What a request
says can be changed while it is: {editable}.

```mermaid
{diagram}
```

{table(head, rows)}
"""


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
