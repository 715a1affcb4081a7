"""The calendar that other programs subscribe to, and its secret addresses on the account page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from registry import calendar_feed
from registry.refusals import Invalid
from registry.web.asked_too_often import asked_too_often

QUESTIONS_A_MINUTE = 60


class AddressForm(forms.Form):
    name = forms.CharField(
        label=_("Where it is used"), max_length=80, help_text=_("For example: telephone.")
    )
    whose = forms.ChoiceField(label=_("Deadlines of"), choices=calendar_feed.WHOSE.items())
    alarm_hours = forms.IntegerField(
        label=_("Ring so many hours before"),
        required=False,
        min_value=1,
        max_value=calendar_feed.LONGEST_ALARM,
        help_text=_("Empty: the calendar does not ring."),
    )


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar under a secret address; 404 for an address that is none (any more)."""
    if asked_too_often(request, "calendar", QUESTIONS_A_MINUTE):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    now = timezone.now()
    address = calendar_feed.holder(secret, now)
    if address is None:
        raise Http404
    content = calendar_feed.feed(address, now)
    etag = calendar_feed.etag(content)
    whole = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer = get_conditional_response(request, etag=etag, response=whole) or whole
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    answer["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    return answer


def address_of(request: HttpRequest, secret: str) -> str:
    """The whole address of the calendar with this secret."""
    return request.build_absolute_uri(reverse("calendar-feed", args=[secret]))


@login_required
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    from registry.web.account import account_page

    form = AddressForm(request.POST, auto_id="calendar_%s")
    if form.is_valid():
        try:
            _address, secret = calendar_feed.make(
                request.user, now=timezone.now(), **form.cleaned_data
            )
        except Invalid as refusal:
            for field, sentences in refusal.by_field().items():
                form.add_error(field, sentences)
        else:
            shown: dict[str, Any] = {"new_calendar_address": address_of(request, secret)}
            return account_page(request, **shown)
    return account_page(request, calendar_form=form, status=400)


@login_required
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    if calendar_feed.revoke(request.user, number, now=timezone.now()):
        messages.success(request, _("The address was revoked. It shows nothing any more."))
    return redirect("account")
