"""The one way in which a domain module says no.

A refusal carries a code for programs, a sentence for people that says how to mend it, and, where it
concerns fields, the field names. The API turns it into RFC 9457 problem details and the pages into
inline errors; neither adds a rule of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise

Text = str | Promise


class Refusal(Exception):
    """Something asked for that the domain does not do. Nothing was changed."""

    status = 422

    def __init__(
        self,
        code: str,
        detail: Text,
        *,
        fields: Mapping[str, Sequence[Text]] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.fields: dict[str, list[Text]] = {k: list(v) for k, v in (fields or {}).items()}

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"

    def by_field(self) -> dict[str, list[str]]:
        """What a form shows: sentences by field; under no name where it concerns none."""
        said = {name: [str(s) for s in sentences] for name, sentences in self.fields.items()}
        return said or {"": [str(self.detail)]}


class Invalid(Refusal):
    """Input that is wrong, by field."""

    status = 400


class NotAllowed(Refusal):
    """The person may see this but may not do that."""

    status = 403


class NotPossibleNow(Refusal):
    """The matter is not in a state in which this can be done."""

    status = 409


class Stale(Refusal):
    """Somebody else changed the matter since it was read."""

    status = 412


class NotFound(Refusal):
    """There is no such thing here, or none that this person may know of."""

    status = 404
