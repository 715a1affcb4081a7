"""Webhooks: a person's or an authority's program hears of reminders (Standard Webhooks).

The call is signed with a secret that is shown once and stands nowhere: it is made from the
endpoint's salt and the installation's own key. The product calls no address inside its own network
(private, loopback, link-local) unless ``WEBHOOKS_TO_PRIVATE_ADDRESSES`` allows it, follows no
redirect, and connects to the very address that it checked.
"""

from __future__ import annotations

import base64
import http.client
import ipaddress
import json
import secrets
import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from standardwebhooks.webhooks import Webhook

from registry.access import authorities_where
from registry.models import Authority, Deadline, Message, Notice, User, WebhookEndpoint
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow
from registry.reminder_schedule import STILL_PAUSED

TIMEOUT_SECONDS = 10
DISABLE_AFTER = 20
"""Failures one after the other; a day of attempts, since a message is tried six times in nine hours."""
MOST_ENDPOINTS = 10
GONE = 410


class Refused(Exception):
    """The call is not made, and trying again will not help."""


class Failed(Exception):
    """The receiver did not take it."""


def add(
    address: str, *, user: User, authority: Authority | None = None, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint of the person, or of an authority; and its secret, which is shown this once.

    Raises NotAllowed for an authority whose programs the person may not connect, Invalid
    (``address``) for one that may not be called, NotPossibleNow beyond ``MOST_ENDPOINTS``.
    """
    if authority is not None and authority.pk not in authorities_where(user, "set_reminders"):
        raise NotAllowed(
            "role_may_not",
            _("Your role does not allow this for the authority. Ask an administrator."),
        )
    _check(address)
    owner: dict[str, Any] = {"authority": authority} if authority else {"user": user}
    if WebhookEndpoint.objects.filter(**owner).count() >= MOST_ENDPOINTS:
        raise NotPossibleNow(
            "too_many_webhooks", _("There are ten addresses already. Remove one first.")
        )
    endpoint = WebhookEndpoint.objects.create(
        **owner, address=address, salt=secrets.token_hex(32), created_at=now, created_by=user
    )
    return endpoint, secret_of(endpoint)


def _check(address: str) -> SplitResult:
    parts = _parts(address)
    try:
        allowed_addresses(parts)
    except (Refused, Failed) as refusal:
        raise Invalid(
            "webhook_address",
            _("This address cannot be called."),
            fields={
                "address": [
                    _("Give a public http or https address that can be found: %(reason)s.")
                    % {"reason": refusal}
                ]
            },
        ) from refusal
    return parts


def _parts(address: str) -> SplitResult:
    wrong = Invalid(
        "webhook_address",
        _("This address cannot be called."),
        fields={"address": [_("Give an address that begins with https:// or http://.")]},
    )
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise wrong from error
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.username is not None
        or port == 0
        or len(address) > 500
        or not address.isascii()
        or not address.isprintable()
        or " " in address
    ):
        raise wrong
    return parts


def endpoints_of(user: User) -> list[WebhookEndpoint]:
    """The person's own, and those of the authorities for which the person may set reminders."""

    offices = authorities_where(user, "set_reminders")
    found = WebhookEndpoint.objects.filter(Q(user=user) | Q(authority__in=offices))
    return list(found.select_related("authority").order_by("id"))


def endpoint_of(user: User, key: int) -> WebhookEndpoint:
    """One of them. Raises NotFound."""
    for endpoint in endpoints_of(user):
        if endpoint.pk == key:
            return endpoint
    raise NotFound("not_found", _("There is no such webhook."))


def enable(endpoint: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        disabled_at=None, failures=0, last_error=""
    )


def secret_of(endpoint: WebhookEndpoint) -> str:
    digest = salted_hmac("registry.webhooks", endpoint.salt, algorithm="sha256").digest()
    return "whsec_" + base64.b64encode(digest).decode()


def call(message: Message, notices: Sequence[Notice], now: datetime) -> None:
    """Tell the endpoint of these reminders. Raises Refused or Failed."""
    endpoint = message.endpoint
    if endpoint is None or endpoint.disabled_at is not None:
        raise Refused("the endpoint is disabled")
    send(
        endpoint,
        str(message.key),
        {
            "type": "deadline.reminders",
            "timestamp": now.astimezone(UTC).isoformat(),
            "data": {"reminders": [told(notice) for notice in notices]},
        },
        now,
    )


def send_test(endpoint: WebhookEndpoint, now: datetime) -> str:
    """Send a call that concerns nothing. Returns what was wrong, empty where nothing was."""
    content = {"type": "test", "timestamp": now.astimezone(UTC).isoformat(), "data": {}}
    try:
        send(endpoint, f"test-{secrets.token_hex(8)}", content, now)
    except (Refused, Failed, OSError, http.client.HTTPException) as error:
        return str(error)[:300] or type(error).__name__
    note_success(endpoint, now)
    return ""


def told(notice: Notice) -> dict[str, Any]:
    """What a program is told of a reminder. Of a sealed matter: that a deadline is near, and when."""
    reminder, deadline = notice.reminder, notice.reminder.deadline
    known: dict[str, Any] = {
        "reminder": reminder.pk,
        "kind": "still_paused" if reminder.step == STILL_PAUSED else "reminder",
        "capacity": notice.capacity,
        "due_at": deadline.due_at.astimezone(UTC).isoformat(),
        "critical": deadline.critical,
        "confidential": deadline.dossier.is_sealed,
    }
    if deadline.dossier.is_sealed:
        return known | {"label": "confidential deadline"}
    return known | _open(deadline)


def _open(deadline: Deadline) -> dict[str, Any]:
    return {
        "deadline": deadline.pk,
        "label": deadline.label,
        "reference": deadline.dossier.reference,
        "zone": deadline.zone,
        "article": deadline.article,
        "bound_party": deadline.bound_party,
    }


def send(endpoint: WebhookEndpoint, key: str, content: dict[str, Any], now: datetime) -> None:
    """One signed call. Raises Refused (never try again), Failed or OSError."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "case-tracking-webhook",
        "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret_of(endpoint)).sign(key, now.astimezone(UTC), body),
    }
    status = post(endpoint.address, body.encode(), headers)
    if status == GONE:
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(disabled_at=now)
        raise Refused("the receiver answered 410: gone")
    if not 200 <= status < 300:
        raise Failed(f"the receiver answered {status}")


def post(address: str, body: bytes, headers: dict[str, str]) -> int:
    """Post to the address that was checked and no other; gives the status of the answer."""
    parts = urlsplit(address)
    at = allowed_addresses(parts)[0]
    host, port = parts.hostname or "", _port(parts)
    with socket.create_connection((at, port), timeout=TIMEOUT_SECONDS) as plain:
        if parts.scheme == "https":
            stream: socket.socket = ssl.create_default_context().wrap_socket(
                plain, server_hostname=host
            )
        else:
            stream = plain
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        connection.sock = stream
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, body, {**headers, "Host": parts.netloc})
            return connection.getresponse().status
        finally:
            connection.close()


def allowed_addresses(parts: SplitResult) -> list[str]:
    """Where the host is, all of it outside. Raises Refused, or Failed where it is not found."""
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Failed("this host is not found") from error
    addresses = [str(row[4][0]) for row in found]
    if not settings.WEBHOOKS_TO_PRIVATE_ADDRESSES:
        for address in addresses:
            if not _is_outside(address):
                raise Refused("this host is inside the network of the product")
    return addresses


def _is_outside(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    return ip.is_global and not ip.is_multicast


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def note_success(endpoint: WebhookEndpoint, now: datetime) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        failures=0, last_error="", last_success_at=now
    )


def note_failure(endpoint: WebhookEndpoint, reason: str, now: datetime) -> bool:
    """Count a failure. True when the endpoint is disabled, by this one or before."""
    rows = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    rows.update(failures=F("failures") + 1, last_error=reason)
    rows.filter(failures__gte=DISABLE_AFTER, disabled_at__isnull=True).update(disabled_at=now)
    return rows.filter(disabled_at__isnull=False).exists()
