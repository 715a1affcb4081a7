"""Reading JSON bodies: bounded in size and depth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from registry.refusals import Invalid


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"


class JSONParser(parsers.BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge(
                _("The body is larger than %(most)s bytes. Send large files as annexes.")
                % {"most": f"{most:,}"}
            )
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as mistake:
            raise ParseError(
                _("The body is not JSON: %(mistake)s") % {"mistake": mistake}, code="malformed_json"
            ) from None


def checked(request: Request, shape: type[BaseSerializer]) -> dict[str, Any]:
    """The body as a serializer has checked it. Raises Invalid, and ValidationError by field."""
    asked = shape(data=json_object(request))
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def json_object(request: Request) -> Mapping[str, Any]:
    """The body as an object; raises Invalid for a list, a text or a number."""
    if not isinstance(request.data, Mapping):
        raise Invalid("not_an_object", _("Send a JSON object, with the fields as its members."))
    return request.data


def instant_asked(asked: Mapping[str, str], name: str) -> datetime | None:
    """An instant in the query, with its zone; None where it is not given. Raises Invalid."""
    given = asked.get(name, "")
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given.replace(" ", "+"))
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    sentence = _("Write the instant like 2026-02-28T10:00:00Z.")
    raise Invalid("invalid", sentence, fields={name: [sentence]})


def day_asked(asked: Mapping[str, str], name: str) -> date | None:
    """A day in the query; None where it is not given. Raises Invalid."""
    given = asked.get(name, "")
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        sentence = _("Write the day like 2026-02-28.")
        raise Invalid("invalid", sentence, fields={name: [sentence]}) from None
