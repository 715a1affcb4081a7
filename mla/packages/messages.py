"""The messages that packages send to other installations, made known to the outbox."""

from __future__ import annotations

from mla.packages import reporting, sending
from registry import peer_delivery
from registry.peer_delivery import MessageKind


def declare() -> None:
    """Say where packages and reports go, and what their delivery causes."""
    peer_delivery.declare(
        MessageKind(
            sending.PACKAGE,
            "/api/v1/exchange/packages/",
            "application/zip",
            sending.body_of,
            sending.delivered,
        )
    )
    peer_delivery.declare(
        MessageKind(
            reporting.STATUS,
            "/api/v1/exchange/reports/",
            "application/json",
            reporting.body_of,
            reporting.delivered,
        )
    )
