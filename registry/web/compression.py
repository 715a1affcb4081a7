"""Answers compressed for those who take it so, except those that bear an ETag.

Compressing makes an ETag weak, and a weak one does not say which version of a dossier an officer
saw: a change would be refused that nobody else's change stands against.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.has_header("ETag"):
            return response
        return super().process_response(request, response)
