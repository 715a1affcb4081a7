"""An address below /api/ that does not exist: a problem document too."""

from __future__ import annotations

from django.http import Http404
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class NoSuchAddress(APIView):
    schema = None
    authentication_classes = []
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise Http404

    def get(self, request: Request) -> Response:  # pragma: no cover  (initial has answered)
        raise Http404
