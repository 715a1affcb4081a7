"""Webhooks of a person or an office: add, try, enable again, remove. Thin."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry import webhooks
from registry.access import authorities_where
from registry.models import Authority, WebhookEndpoint
from registry.refusals import Refusal
from registry.web.posted import number_posted
from registry.web.reminding import my_page, office_page


@login_required
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """With ``office`` it becomes the office's, otherwise the person's."""
    address = request.POST.get("address", "").strip()
    authority = None
    if given := request.POST.get("office", ""):
        key = number_posted(given)
        if key not in authorities_where(request.user, "set_reminders"):
            raise Http404
        authority = get_object_or_404(Authority, pk=key)
    try:
        _endpoint, secret = webhooks.add(
            address, user=request.user, authority=authority, now=timezone.now()
        )
    except Refusal as refusal:
        reasons = [reason for each in refusal.by_field().values() for reason in each]
        context = {"webhook_address": address, "webhook_problems": reasons}
        return _page(request, authority, status=refusal.status, **context)
    return _page(request, authority, new_secret=secret)


def _page(request: HttpRequest, authority: Authority | None, **context: object) -> HttpResponse:
    if authority is not None:
        return office_page(request, authority, **context)
    return my_page(request, **context)


@login_required
@require_POST
def act(request: HttpRequest, webhook: int, act: str) -> HttpResponse:
    try:
        endpoint = webhooks.endpoint_of(request.user, webhook)
    except Refusal as refusal:
        raise Http404 from refusal
    if act == "test":
        _say_how_it_went(request, endpoint)
    elif act == "enable":
        webhooks.enable(endpoint)
        messages.success(request, _("The webhook is called again."))
    elif act == "remove":
        endpoint.delete()
        messages.success(request, _("The webhook was removed."))
    else:
        raise Http404
    if endpoint.authority_id:
        return redirect("office-reminders", office=endpoint.authority_id)
    return redirect("my-reminders")


def _say_how_it_went(request: HttpRequest, endpoint: WebhookEndpoint) -> None:
    if wrong := webhooks.send_test(endpoint, timezone.now()):
        messages.error(request, _("The test was not taken: %(reason)s") % {"reason": wrong})
    else:
        messages.success(request, _("The test was taken."))
