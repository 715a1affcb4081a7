"""Start-up checks: production mode refuses to start while something here is insecure.

Each is a Django system check of level Error, so that ``manage.py`` refuses; ``refuse_to_start``
runs the same checks for the web server and the worker, which ask Django for none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 50
LEAST_DIFFERENT_CHARACTERS = 5


@register()
def production_is_secure(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Everything that must be set before real matters are entrusted to this installation."""
    if not settings.PRODUCTION:
        return []
    return [
        *secrets(),
        *addresses(),
        *services(),
        *cookies(),
    ]


@register()
def mode_is_known(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A misspelt mode must not become a demonstration with known passwords."""
    if settings.MODE in {"demonstration", "production"}:
        return []
    return [Error("MODE must be demonstration or production.", id="config.E001")]


@register()
def letters_are_signed(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """In production a letter without a signature proves nothing to who has only the file."""
    from registry import signing_identity

    found: list[CheckMessage] = [
        Error(f"Letters cannot be signed. {sentence}", id="config.E013")
        for sentence in signing_identity.problems()
    ]
    if signing_identity.source() is signing_identity.Source.NONE:
        found.append(
            Warning(
                "Letters are sealed with their data and not signed: there is no certificate.",
                hint="LETTER_SIGNING_CERTIFICATE and LETTER_SIGNING_KEY, or a token: "
                "LETTER_SIGNING_PKCS11_MODULE. See docs/letters.md.",
                id="config.W001",
            )
        )
    return found


def secrets() -> Iterator[CheckMessage]:
    key = settings.SECRET_KEY
    if (
        key == settings.INSECURE_SECRET_KEY
        or len(key) < SHORTEST_SECRET
        or len(set(key)) < LEAST_DIFFERENT_CHARACTERS
    ):
        yield Error(
            f"SECRET_KEY must be set to at least {SHORTEST_SECRET} random characters.",
            hint="python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="config.E002",
        )
    if settings.DEBUG:
        yield Error("DEBUG must not be on: it shows files of matters in errors.", id="config.E003")


def addresses() -> Iterator[CheckMessage]:
    hosts = settings.ALLOWED_HOSTS
    if not hosts or any("*" in host for host in hosts):
        yield Error(
            "ALLOWED_HOSTS must name the hosts under which the product is reached.",
            hint="ALLOWED_HOSTS=assistance.example.org",
            id="config.E004",
        )
    if not settings.PUBLIC_ADDRESS.startswith("https://"):
        yield Error(
            "PUBLIC_ADDRESS must be an https:// address: letters print it for verification.",
            id="config.E005",
        )
    if not all(origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS):
        yield Error("CSRF_TRUSTED_ORIGINS may only name https:// origins.", id="config.E006")


def services() -> Iterator[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        yield Error(
            "DATABASE_URL must name a PostgreSQL database.",
            hint="DATABASE_URL=postgres://user:password@host:5432/name",
            id="config.E007",
        )
    if not settings.REDIS_URL:
        yield Error("REDIS_URL must name a Redis server.", id="config.E008")
    if not settings.EMAIL_URL or settings.EMAIL_BACKEND.startswith("registry.demonstration"):
        yield Error(
            "EMAIL_URL must name the mail server: the demonstration's mailbox is open to all.",
            hint="EMAIL_URL=smtp+tls://user:password@host:587",
            id="config.E009",
        )


def cookies() -> Iterator[CheckMessage]:
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield Error("Session and CSRF cookies must be sent over TLS only.", id="config.E010")
    if not settings.SESSION_COOKIE_HTTPONLY:
        yield Error("The session cookie must be out of reach of scripts.", id="config.E011")
    if not settings.SECURE_HSTS_SECONDS:
        yield Error(
            "SECURE_HSTS_SECONDS must not be 0: browsers must keep to TLS.", id="config.E012"
        )


def refuse_to_start() -> None:
    """Raise ImproperlyConfigured, naming every fault, where a web server or worker must not start."""
    signing = (message for message in letters_are_signed(None) if message.is_serious())
    faults = [*mode_is_known(None), *production_is_secure(None), *signing]
    if faults:
        told = "\n".join(f"  {fault.msg} {fault.hint or ''}".rstrip() for fault in faults)
        raise ImproperlyConfigured(f"This installation must not start yet:\n{told}")
