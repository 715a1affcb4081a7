"""``Idempotency-Key``: a POST sent twice is done once."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from registry import idempotency
from registry.api.rendering import dumps

KEPT_HEADERS = ("ETag", "Location")
Handler = Callable[..., Response]


def done_once(handler: Handler) -> Handler:
    """For a view's POST: with a key, do it once and answer a repetition with the first answer.

    Without a key the POST is done as it comes. A refusal is not kept: it changed nothing.
    """

    @functools.wraps(handler)
    def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if key is None:
            return handler(view, request, *args, **kwargs)
        kept = idempotency.begin(request.user, key, _digest(request), now=timezone.now())
        if kept is not None:
            headers = kept.headers | {"Idempotent-Replay": "true"}
            return Response(orjson.loads(kept.body), status=kept.status, headers=headers)
        try:
            with transaction.atomic():
                response = handler(view, request, *args, **kwargs)
                idempotency.keep(request.user, key, _answer(response))
        except BaseException:
            idempotency.release(request.user, key)
            raise
        return response

    return wrapped


def _answer(response: Response) -> idempotency.Answer:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    return idempotency.Answer(response.status_code, headers, dumps(response.data).decode())


def _digest(request: Request) -> str:
    """What makes two requests the same: method, address, and what was sent, files included."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    files = {
        name: [_file_digest(file) for file in request.FILES.getlist(name)] for name in request.FILES
    }
    fields = request.data
    if hasattr(fields, "lists"):
        fields = {name: values for name, values in fields.lists() if name not in files}
    digest.update(orjson.dumps([fields, files], option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()


def _file_digest(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
