"""Two officers cannot overwrite each other: ETag and If-Match.

The ETag of everything that belongs to a matter is the version of its dossier.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from rest_framework.request import Request

from registry.models import Dossier
from registry.refusals import Invalid, Refusal, Stale

TAG = re.compile(r'(W/)?"([^"]*)"')


class ConditionRequired(Refusal):
    """A change came without If-Match."""

    status = 428


def etag(dossier: Dossier) -> str:
    return f'"{dossier.version}"'


def expected_version(request: Request, dossier: Dossier) -> int | None:
    """The version that the caller saw, from If-Match; None for ``*``, which takes any.

    Raises ConditionRequired without the header, and Stale when no strong tag in it is current.
    """
    given = request.META.get("HTTP_IF_MATCH", "").strip()
    if not given:
        raise ConditionRequired(
            "if_match_required",
            _("Say which version you saw: send its ETag in the header If-Match."),
        )
    if given == "*":
        return None
    tags = TAG.findall(given)
    if not tags:
        sentence = _('Write the ETag in quotation marks, for example "7".')
        raise Invalid("invalid_if_match", sentence, fields={"If-Match": [sentence]})
    if any(tag == str(dossier.version) and not weak for weak, tag in tags):
        return dossier.version
    raise Stale(
        "stale",
        _(
            "Somebody changed this dossier after you read it. "
            "Read it again, compare, and make your change again."
        ),
    )
