"""The mail of the demonstration: what went out, to whom."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from registry.models import MailboxMessage


def _only_in_the_demonstration() -> None:
    if settings.PRODUCTION or not settings.EMAIL_BACKEND.endswith("MailboxBackend"):
        raise Http404


def _mail_of(request: HttpRequest) -> QuerySet[MailboxMessage]:
    return MailboxMessage.objects.filter(recipient=request.user.email.lower())


@login_required
def mailbox(request: HttpRequest) -> HttpResponse:
    """The person's own mail, newest first."""
    _only_in_the_demonstration()
    page = Paginator(_mail_of(request), 50).get_page(request.GET.get("page"))
    return render(request, "registry/mailbox.html", {"page": page})


@login_required
def mail(request: HttpRequest, message: int) -> HttpResponse:
    _only_in_the_demonstration()
    found = get_object_or_404(_mail_of(request), pk=message)
    return render(request, "registry/mail.html", {"mail": found})
