"""Every error of the API as problem details (RFC 9457).

``code`` is for programs and stays; ``detail`` is a sentence in the caller's language that says how
to mend it; ``errors`` names fields. Refusals of the domain and errors of HTTP look alike.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from registry.api.rendering import dumps
from registry.refusals import Refusal

MEDIA_TYPE = "application/problem+json"
Problem = dict[str, Any]
log = logging.getLogger("django.request")


def problem(status: int, code: str, detail: Any, *, instance: str = "", **more: Any) -> Problem:
    """A problem document. ``type`` is about:blank: ``code`` tells more than a status does."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        "instance": instance,
        "code": code,
    } | more


def problem_response(exception: Exception, context: Mapping[str, Any]) -> Response:
    """What the framework answers with for an exception raised in a view of the API."""
    request = context["request"]
    status, code, detail, errors, headers = _told(exception, request)
    document = problem(status, code, detail, instance=request.path)
    if errors:
        document["errors"] = errors
    return Response(document, status=status, headers=headers, content_type=MEDIA_TYPE)


def plain_response(request: HttpRequest, status: int, code: str, detail: Any) -> HttpResponse:
    """The same for what fails before a view is reached."""
    body = dumps(problem(status, code, detail, instance=request.path))
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE)


def _told(
    exception: Exception, request: Any
) -> tuple[int, str, Any, list[Problem], dict[str, str]]:
    if isinstance(exception, Refusal):
        errors = [
            error(field, sentence)
            for field, sentences in exception.fields.items()
            for sentence in sentences
        ]
        return exception.status, exception.code, exception.detail, errors, {}
    if isinstance(exception, Http404 | exceptions.NotFound):
        return 404, "not_found", _("There is nothing here, or nothing that you may see."), [], {}
    if isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    if isinstance(exception, RequestDataTooBig):
        return 413, "too_large", _("What was sent is too large."), [], {}
    if isinstance(exception, SuspiciousOperation):
        return 400, "bad_request", _("The request cannot be understood."), [], {}
    if isinstance(exception, exceptions.ValidationError):
        detail = _("Some of what was sent cannot be accepted.")
        return 400, "invalid", detail, list(_flattened(exception.detail)), {}
    if isinstance(exception, exceptions.APIException):
        return _of_the_framework(exception)
    got_request_exception.send(sender=None, request=request)
    log.exception("%s %s failed", request.method, request.path)
    return 500, "server_error", _("Something went wrong here. It has been noted."), [], {}


def _of_the_framework(
    exception: exceptions.APIException,
) -> tuple[int, str, Any, list[Problem], dict[str, str]]:
    headers = {}
    if challenge := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exception, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    codes = exception.get_codes()
    code = codes if isinstance(codes, str) else exception.default_code
    return exception.status_code, code, exception.detail, [], headers


def error(field: str, detail: Any) -> Problem:
    """One wrong field: its name, a JSON pointer to it, and the sentence."""
    pointer = "#/" + "/".join(
        part.replace("~", "~0").replace("/", "~1") for part in field.split(".")
    )
    return {"field": field, "pointer": pointer, "detail": str(detail)}


def _flattened(detail: Any, path: tuple[str, ...] = ()) -> Iterator[Problem]:
    if isinstance(detail, Mapping):
        for name, below in detail.items():
            inner = () if name == api_settings.NON_FIELD_ERRORS_KEY else (str(name),)
            yield from _flattened(below, (*path, *inner))
    elif isinstance(detail, list | tuple):
        for place, below in enumerate(detail):
            nested = isinstance(below, Mapping | list | tuple)
            yield from _flattened(below, (*path, str(place)) if nested else path)
    else:
        yield error(".".join(path) or "body", detail)
