"""Who calls the API: a signed-in session or a personal access token."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from registry import access_tokens
from registry.models import PersonalAccessToken, User


class PersonalAccessTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer mla_…``. Comes first, so that a missing sign-in is a 401."""

    def authenticate(self, request: Request) -> tuple[User, PersonalAccessToken] | None:
        scheme, _space, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = access_tokens.holder(key.strip(), timezone.now())
        if token is None:
            raise AuthenticationFailed(
                _(
                    "This token is unknown, expired or revoked. Make a new one on your account page."
                ),
                code="invalid_token",
            )
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class SignedInSessionAuthentication(SessionAuthentication):
    """The browser's session; what changes something needs the CSRF token in ``X-CSRFToken``."""


class PersonalAccessTokenScheme(OpenApiAuthenticationExtension):
    target_class = PersonalAccessTokenAuthentication
    name = "personalAccessToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "mla_…",
            "description": "A personal access token, made on the account page.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = SignedInSessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The browser's session. Changes also need the header X-CSRFToken.",
        }
